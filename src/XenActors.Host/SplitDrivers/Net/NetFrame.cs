using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net;

/// <summary>What is known of a frame's transport checksum. Linux calls it <c>ip_summed</c>.</summary>
public enum FrameChecksum : byte
{
    /// <summary>Nothing: CHECKSUM_NONE.</summary>
    None,

    /// <summary>It has been looked at, or the frame has never been on a wire: CHECKSUM_UNNECESSARY.</summary>
    Validated,

    /// <summary>It is still to be filled in: CHECKSUM_PARTIAL.</summary>
    Blank,
}

/// <summary>An Ethernet frame on its way through kernels: Linux' socket buffer. Its bytes are never changed.</summary>
[Codec]
public readonly partial record struct NetFrame(ReadOnlyMemory<byte> Bytes)
{
    public FrameChecksum Checksum { get; init; }

    /// <summary>How a packet that is longer than any wire's is still to be cut; nothing for an ordinary frame.</summary>
    public NetifGsoType GsoType { get; init; }

    /// <summary>Bytes of a segment's payload.</summary>
    public ushort GsoSize { get; init; }

    public int Length => Bytes.Length;

    public bool IsGso => GsoType != NetifGsoType.None;

    public MacAddress Destination => EthernetHeader.Destination(Bytes.Span);

    public MacAddress Source => EthernetHeader.Source(Bytes.Span);

    public ushort EtherType => EthernetHeader.EtherType(Bytes.Span);

    public override string ToString() => Length < EthernetHeader.SizeOf
        ? $"{Length} bytes"
        : $"{Source} > {Destination} {EtherType:x4} {Length} bytes{(IsGso ? $" {GsoType} {GsoSize}" : "")}";
}
