namespace XenActors.Simulation;

/// <summary>Where an actor lives: its logical process and its place in it. A value; valid in every process of a run.</summary>
public readonly record struct ActorRef(int Process, int Local) : ICodec<ActorRef>
{
    /// <summary>Nobody. What is sent there is a dead letter.</summary>
    public static readonly ActorRef None = default;

    public bool IsNone => this == default;

    public override string ToString() => IsNone ? "none" : $"{Process}:{Local}";

    static ulong ICodec<ActorRef>.Schema => 0x4143544F52000001;

    static void ICodec<ActorRef>.Encode<TSink>(in ActorRef value, ref TSink sink)
    {
        sink.Signed(value.Process);
        sink.Signed(value.Local);
    }

    static ActorRef ICodec<ActorRef>.Decode(ref CodecReader reader) =>
        new((int)reader.Signed(0, Event.ProcessesMax), (int)reader.Signed(0, int.MaxValue));
}
