using XenActors.Simulation;

namespace XenActors.Tests.Simulation;

[Codec]
public readonly partial record struct Note(int Number);

[Codec]
public readonly partial record struct Words(string Text, byte[] Bytes);

[Codec]
public sealed partial class LogState
{
    /// <summary>Time and message.</summary>
    public List<string> Lines { get; } = [];

    public ActorRef To { get; set; }

    public TimerId Timer { get; set; }

    public List<ActorRef> Refs { get; } = [];
}

/// <summary>Writes down what it receives and when.</summary>
public sealed class LogActor : Actor<LogState>
{
    public const int StopAt = 1000;

    public void On(in Note note)
    {
        State.Lines.Add($"{Context.Now.Nanoseconds}: {note.Number}");
        if (note.Number == StopAt)
        {
            Context.StopSimulation();
        }
        else if (note.Number < 0)
        {
            Context.Tell(Self, new Note(note.Number + 1)); // In zero time.
        }
    }

    public void On(in Words words) => State.Lines.Add($"{Context.Now.Nanoseconds}: {words.Text} {words.Bytes.Length}");

    public void On(in Terminated terminated) => State.Lines.Add($"{Context.Now.Nanoseconds}: end of {terminated.Actor}");

    public void On(in WatchThat watch) => Context.Watch(watch.Actor);

    public void On(in UnwatchThat watch) => Context.Unwatch(watch.Actor);
}

[Codec]
public readonly partial record struct WatchThat(ActorRef Actor);

[Codec]
public readonly partial record struct UnwatchThat(ActorRef Actor);

/// <summary>Starts a timer and cancels it at once: the event stays in the queue and is skipped.</summary>
public sealed class CancellerActor : Actor<LogState>
{
    public const long Later = 1_000_000;

    protected override void PreStart() =>
        Context.CancelTimer(Context.StartTimer(new Note(0), new VirtualDuration(Later)));

    public void On(in Note note) => State.Lines.Add($"{Context.Now.Nanoseconds}: {note.Number}");
}
