using XenActors.Simulation;

namespace XenActors.TestKit;

/// <summary>One message that a probe has received, as plain data.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Sender">Who sent it; none for the world outside.</param>
/// <param name="Type">The message type's full name.</param>
/// <param name="Bytes">What its codec wrote.</param>
[Codec]
public sealed partial record ReceivedMessage(VirtualTime At, ActorRef Sender, string Type, byte[] Bytes)
{
    /// <summary>Whether it is a <typeparamref name="T"/>.</summary>
    public bool Is<T>()
        where T : ICodec<T> => Type == Message<T>.Type.Name;

    /// <exception cref="CodecException">It is of another type with other fields.</exception>
    public T Get<T>()
        where T : ICodec<T> => CodecOf.Decode<T>(Bytes);

    public override string ToString() => $"{Type[(Type.LastIndexOf('.') + 1)..]} at {At} from {Sender}";
}

/// <summary>All that a probe remembers. Plain data, so that it survives a snapshot.</summary>
[Codec]
public sealed partial class ProbeState
{
    public List<ReceivedMessage> Messages { get; } = [];

    /// <summary>How many of <see cref="Messages"/> an expectation has taken.</summary>
    public int Taken { get; set; }

    /// <summary>An expectation waits: the next message ends the run.</summary>
    public bool Waiting { get; set; }
}
