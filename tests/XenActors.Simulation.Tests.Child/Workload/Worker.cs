using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Workload;

[Codec]
public sealed partial class WorkerState
{
    public int Depth { get; set; }

    public long Handled { get; set; }

    public ActorRef Child { get; set; }

    public TimerId Timer { get; set; }
}

/// <summary>Has a child of its own, so that failures are escalated and stops go down; works, waits and passes on.</summary>
public sealed class Worker : Actor<WorkerState>
{
    protected override void PreStart()
    {
        if (State.Depth > 0)
        {
            State.Child = Context.Spawn<Worker, WorkerState>("sub", new WorkerState { Depth = State.Depth - 1 });
        }

        State.Timer = Context.StartTimer(new Nudge(7), VirtualDuration.FromMicroseconds(200));
    }

    protected override void PostStop() => Context.Tell(Context.Parent, new Nudge(State.Handled));

    public void On(in Fail fail)
    {
        State.Handled++;
        if (State.Depth > 0 && fail.Directive == 3)
        {
            Context.Tell(State.Child, in fail); // Its failure is escalated through here.
            return;
        }

        throw new AskedToFailException(fail.Directive);
    }

    public void On(in Ping ping)
    {
        State.Handled++;
        Context.Work(VirtualDuration.FromMicroseconds(3));
        Context.Tell(ping.Origin, ping with { Hops = ping.Hops - 1 });
    }

    public void On(in Parcel parcel)
    {
        State.Handled++;
        Context.Tell(Sender, new Letter(parcel.Label, null, [parcel.Hops]));
    }

    public void On(in Beat beat)
    {
        State.Handled++;
        if (beat.Number % 5 == 0)
        {
            Become(beat.Number % 2 == 0 ? "even" : "odd");
        }

        Context.CancelTimer(State.Timer);
        State.Timer = Context.StartTimer(new Nudge(beat.Number), VirtualDuration.FromMicroseconds(50));
    }

    public void On(in Nudge nudge)
    {
        State.Handled++;
        if (Context.Random.NextChance(0.1))
        {
            Context.Stop();
        }
    }

    [When("odd")]
    public void Oddly(in Beat beat) => Unbecome();

    [When("even"), When("odd")]
    public void Slowly(in Ping ping) => Context.Tell(ping.Origin, new Nudge(ping.Weight), VirtualDuration.FromMicroseconds(5));
}
