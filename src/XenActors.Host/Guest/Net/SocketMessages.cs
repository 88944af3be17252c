using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Guest.Net;

/// <summary>A program opens a packet socket on a network device: frames of this type are its own (AF_PACKET, SOCK_RAW).</summary>
[Codec]
public readonly partial record struct OpenPacketSocket(ushort EtherType);

/// <summary>The sender's sockets on this device are closed.</summary>
[Codec]
public readonly partial record struct ClosePacketSocket;

/// <summary>A program sends a frame, header and all. The answer is <see cref="FrameSent"/> when the device has let go of it.</summary>
[Codec]
public readonly partial record struct SendFrame(NetFrame Frame, long Cookie)
{
    public override string ToString() => $"SendFrame #{Cookie} {Frame}";
}

/// <summary>The frame's memory is the program's again. False when it was dropped before it came onto the ring.</summary>
[Codec]
public readonly partial record struct FrameSent(long Cookie, bool Sent);

/// <summary>To the sockets of a frame's type.</summary>
[Codec]
public readonly partial record struct FrameReceived(NetFrame Frame)
{
    public override string ToString() => $"FrameReceived {Frame}";
}

/// <summary><c>ip link set dev ... mtu N</c>: bytes that a frame may carry behind its header.</summary>
[Codec]
public readonly partial record struct SetMtu(int Mtu);
