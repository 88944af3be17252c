using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net;

/// <summary>From a network device's driver to what the device is attached to: a frame has come in (netif_receive_skb).</summary>
[Codec]
public readonly partial record struct FrameArrived(NetFrame Frame)
{
    public override string ToString() => $"FrameArrived {Frame}";
}

/// <summary>To a network device's driver: a frame is to go out (ndo_start_xmit).</summary>
[Codec]
public readonly partial record struct TransmitFrame(NetFrame Frame)
{
    public override string ToString() => $"TransmitFrame {Frame}";
}

/// <summary>Between a host's network card and the switch that it is wired to.</summary>
[Codec]
public readonly partial record struct WireFrame(NetFrame Frame)
{
    public override string ToString() => $"WireFrame {Frame}";
}
