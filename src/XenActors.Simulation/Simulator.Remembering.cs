namespace XenActors.Simulation;

/// <summary>What actors knew at their end.</summary>
public sealed partial class Simulator
{
    /// <summary>When this actor has stopped, <see cref="LastStateOf"/> still knows its state. No part of the history, nor of a snapshot.</summary>
    public void Remember(ActorRef actor) => (_processes[Seen(actor.Process)].Details.Remembered ??= []).TryAdd(actor.Local, null);

    /// <summary>The state of a living actor, as <see cref="StateOf"/> has it, or of a remembered one that has stopped.</summary>
    public TState? LastStateOf<TState>(ActorRef actor)
        where TState : class, ICodec<TState>
    {
        if (StateOf<TState>(actor) is { } living)
        {
            return living;
        }

        var remembered = _processes[actor.Process].Details.Remembered;
        switch (remembered?.GetValueOrDefault(actor.Local))
        {
            case Actor<TState> stopped:
                return stopped.State;
            case TState known:
                return known;
            case byte[] bytes:
                var state = CodecOf.Decode<TState>(bytes);
                remembered![actor.Local] = state;
                return state;
            default:
                return null;
        }
    }

    // Of a process that this node runs, for the others.
    private static void WriteRemembered(ProcessDetails details, CodecBuffer to)
    {
        var buffer = new CodecBuffer();
        List<int> untold = [.. (details.Remembered ?? []).Where(r => r.Value is Actor && !details.RememberedTold.Contains(r.Key)).Select(r => r.Key)];
        to.WriteUnsigned((ulong)untold.Count);
        foreach (var local in untold)
        {
            buffer.Clear();
            ((Actor)details.Remembered![local]!).EncodeState(buffer);
            to.WriteSigned(local);
            to.WriteBytes(buffer.Written);
            details.RememberedTold.Add(local);
        }
    }

    private static void ReadRemembered(ProcessDetails details, ref CodecReader from)
    {
        for (var n = from.Count(); n > 0; n--)
        {
            var local = (int)from.Signed(1, int.MaxValue);
            (details.Remembered ??= [])[local] = from.Bytes();
        }
    }
}
