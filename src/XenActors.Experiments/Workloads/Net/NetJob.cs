using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Experiments.Workloads.Net;

/// <summary>Numbered frames from a guest's network device to an address: a stream that is accounted for to the frame.</summary>
[Codec]
public sealed partial record NetJob
{
    /// <summary>The most bytes that a program's frames may keep in the kernel: Linux' <c>net.core.wmem_default</c>.</summary>
    public const int SocketBytesDefault = 212_992;

    public string Name { get; init; } = "net";

    /// <summary>The sender's name; empty for the only guest.</summary>
    public string Guest { get; init; } = "";

    /// <summary>The sender's network device.</summary>
    public string Device { get; init; } = "eth0";

    /// <summary>Of a guest's device, or of a bridge: whoever has it accounts for what arrives.</summary>
    public required MacAddress PeerMac { get; init; }

    /// <summary>Bytes of each frame, header included: drawn between these two.</summary>
    public int FrameBytes { get; init; } = EthernetHeader.FrameMin;

    /// <summary>0 when all frames are as long as <see cref="FrameBytes"/>.</summary>
    public int FrameBytesMax { get; init; }

    /// <summary>From one frame to the next; 0 sends as fast as the kernel takes them.</summary>
    public long IntervalNs { get; init; }

    public long Count { get; init; } = 1000;

    /// <summary>The peer sends every frame back, and the sender accounts for these too.</summary>
    public bool Echo { get; init; }

    /// <summary>Of the sender's device; 0: as it is.</summary>
    public int Mtu { get; init; }

    /// <summary>The sender closes its socket when all is sent and nothing is to come back.</summary>
    public bool Closes { get; init; }

    public int SocketBytes { get; init; } = SocketBytesDefault;
}
