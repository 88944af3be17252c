using System.Collections.Immutable;
using XenActors.Hypervisor.Memory;
using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.DeviceModel.Ide;

/// <summary>What a channel waits for outside of itself.</summary>
public enum IdeWorkKind : byte
{
    ReadMemory,
    ReadDisk,
    WriteDisk,
    FlushDisk,
    DiscardDisk,
}

/// <summary>One thing for the device model to do; the channel is told of its end by <see cref="IdeChannel.Complete"/>.</summary>
[Codec]
public sealed partial record IdeWork(IdeWorkKind Kind)
{
    /// <summary>The selected drive: 0 or 1.</summary>
    public int Unit { get; init; }

    public VolumeId Volume { get; init; }

    /// <summary>Of 512 bytes.</summary>
    public ulong Sector { get; init; }

    public uint Count { get; init; }

    public ImmutableArray<MemoryExtent> Extents { get; init; } = [];

    /// <summary>What is to be written.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>The drive's write cache is off: the data is durable before the answer.</summary>
    public bool Fua { get; init; }

    /// <summary>The end of a PIO transfer is nobody's business after a reset; a DMA transfer is waited for.</summary>
    public bool Dma { get; init; }
}

/// <summary>Bytes that a bus-master transfer brings into the guest's memory.</summary>
[Codec]
public sealed partial record IdeStore(ImmutableArray<MemoryExtent> Extents, byte[] Data);
