using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Guest.Net;

/// <summary>A socket of a program.</summary>
[Codec]
public readonly partial record struct PacketSocket(ActorRef Program, ushort EtherType);

/// <summary>The packet sockets of one network device, in the order in which they were opened.</summary>
[Codec]
public sealed partial class PacketSockets
{
    public List<PacketSocket> Open { get; set; } = [];

    public void Add(ActorRef program, ushort etherType)
    {
        var socket = new PacketSocket(program, etherType);
        if (!Open.Contains(socket))
        {
            Open.Add(socket);
        }
    }

    public void Remove(ActorRef program) => Open.RemoveAll(s => s.Program == program);

    /// <summary>A frame has come: everybody who asked for its type gets it. False when nobody did.</summary>
    public bool Deliver(ActorContext context, in NetFrame frame)
    {
        var type = frame.EtherType;
        var taken = false;
        foreach (var socket in Open)
        {
            if (socket.EtherType == type)
            {
                taken = true;
                context.Tell(socket.Program, new FrameReceived(frame));
            }
        }

        return taken;
    }
}
