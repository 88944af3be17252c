namespace XenActors.Experiments.Scenarios;

/// <summary>Numbered frames from one domain's network device to another's, as a scenario says it.</summary>
/// <param name="Device">The sender's, as its kernel names it: <c>eth0</c>.</param>
/// <param name="Peer">The receiving domain's name.</param>
/// <param name="Frame">Bytes of a frame with its header, at least.</param>
/// <param name="FrameMax">Bytes at most; 0: all frames have the same length.</param>
/// <param name="IntervalNs">From one frame to the next; 0: as fast as the kernel takes them.</param>
/// <param name="Echo">The peer sends every frame back.</param>
/// <param name="Mtu">Of the sender's device; 0: as it is.</param>
public sealed record NetTraffic(string Device, string Peer, string PeerDevice, int Frame, int FrameMax, long IntervalNs, long Count, bool Echo, int Mtu = 0);
