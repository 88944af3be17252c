using XenActors.Simulation;

namespace XenActors.Tests.SplitDrivers;

/// <summary>The test's hand on a <see cref="PeerActor"/>.</summary>
internal sealed class Peer(Simulator simulator, ActorRef self)
{
    public ActorRef Ref => self;

    public List<PeerHeard> Heard => simulator.StateOf<PeerState>(self)!.Heard;

    /// <summary>Says it now; nothing happens before the simulation runs on.</summary>
    public void Say<T>(ActorRef to, in T message)
        where T : ICodec<T>
    {
        var buffer = new CodecBuffer();
        var sink = new ByteSink(buffer);
        CodecOf.Encode(in message, ref sink);
        simulator.Tell(self, new PeerSay(to, Message<T>.Type.Name, buffer.ToArray()));
    }

    /// <summary>Says it, and lets a little time pass.</summary>
    public void Tell<T>(ActorRef to, in T message)
        where T : ICodec<T>
    {
        Say(to, in message);
        simulator.RunFor(VirtualDuration.FromMilliseconds(3));
    }

    /// <summary>All that it has heard of one type, in order.</summary>
    public List<T> All<T>()
        where T : ICodec<T> =>
        [.. Heard.Where(h => h.Type == Message<T>.Type.Name).Select(h => CodecOf.Decode<T>(h.Bytes))];

    public T Last<T>()
        where T : ICodec<T> => All<T>()[^1];
}
