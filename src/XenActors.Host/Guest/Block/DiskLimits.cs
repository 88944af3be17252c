using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>What a disk's driver says of it to the block layer: Linux' <c>struct queue_limits</c>, as far as it shows.</summary>
[Codec]
public sealed partial record DiskLimits
{
    /// <summary>What any disk can do: reads and writes of up to eight sectors, one at a time.</summary>
    public static readonly DiskLimits Plain = new();

    /// <summary>Bytes.</summary>
    public uint LogicalBlockSize { get; init; } = 512;

    /// <summary>Bytes.</summary>
    public uint PhysicalBlockSize { get; init; } = 512;

    /// <summary>Sectors of 512 bytes in one read or write.</summary>
    public uint MaxSectors { get; init; } = 8;

    /// <summary>Requests that may be out at once.</summary>
    public uint QueueDepth { get; init; } = 1;

    /// <summary>The disk has a volatile write cache, and takes <see cref="BlockOperation.Flush"/>.</summary>
    public bool WriteCache { get; init; }

    /// <summary>It takes <see cref="BlockFlags.Fua"/>.</summary>
    public bool Fua { get; init; }

    /// <summary>Bytes; 0 when it takes no <see cref="BlockOperation.Discard"/>.</summary>
    public uint DiscardGranularity { get; init; }

    public bool SecureErase { get; init; }
}
