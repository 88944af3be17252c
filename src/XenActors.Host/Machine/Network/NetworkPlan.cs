using XenActors.Simulation;

namespace XenActors.Machine.Network;

/// <summary>The network between hosts: one switch.</summary>
[Codec]
public sealed partial record NetworkPlan
{
    /// <summary>Bytes of a frame on the wire that are not in it: preamble, check sequence, gap.</summary>
    private const int WireOverhead = 24;

    private const int FrameOnWireMin = 60;

    /// <summary>From a host's card to the switch, and back: each way.</summary>
    public VirtualDuration Latency { get; init; } = VirtualDuration.FromMicroseconds(20);

    /// <summary>Bits a second of each port; 0 when frames take no time.</summary>
    public long Bandwidth { get; init; } = 10_000_000_000;

    /// <summary>Bytes that wait at a port at most.</summary>
    public long PortBuffer { get; init; } = 1 << 20;

    /// <summary>Addresses that the switch remembers at most.</summary>
    public int AddressesMax { get; init; } = 16_384;

    public VirtualDuration TimeOnWire(int frameBytes) => Bandwidth == 0
        ? VirtualDuration.Zero
        : new((long)((Math.Max(frameBytes, FrameOnWireMin) + WireOverhead) * 8e9 / Bandwidth));

    /// <summary>How much is sent in so long.</summary>
    public long BytesIn(VirtualDuration time) => (long)(time.Nanoseconds * (double)Bandwidth / 8e9);
}
