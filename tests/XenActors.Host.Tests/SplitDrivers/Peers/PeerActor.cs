using XenActors.Simulation;

namespace XenActors.Tests.SplitDrivers;

/// <summary>One message that a scripted peer has received.</summary>
[Codec]
public readonly partial record struct PeerHeard(ActorRef From, string Type, byte[] Bytes);

[Codec]
public sealed partial class PeerState
{
    public List<PeerHeard> Heard { get; set; } = [];
}

/// <summary>From the test: send this to somebody.</summary>
[Codec]
public readonly partial record struct PeerSay(ActorRef To, string Type, byte[] Bytes);

/// <summary>An actor in its own place that says what the test tells it to, and writes down what it hears.</summary>
public sealed class PeerActor : Actor<PeerState>
{
    protected override bool TakesAny => true;

    public void On(in PeerSay m) => Context.TellDecoded(m.To, MessageType.Named(m.Type), m.Bytes);

    protected override void OnAny(MessageType type, byte[] bytes) => State.Heard.Add(new(Sender, type.Name, bytes));
}
