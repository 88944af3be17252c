using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Workload;

[Codec]
public sealed partial class HubState
{
    public int Processes { get; set; }

    public int BeatsLeft { get; set; }

    public int Spawned { get; set; }

    public int Deaths { get; set; }

    public int Quiet { get; set; }

    public long Sum { get; set; }

    public TimerId Side { get; set; }

    /// <summary>All that it has ever spawned, the dead included: some of what it sends becomes dead letters.</summary>
    public List<ActorRef> Kids { get; } = [];
}

/// <summary>One in each process, in place 1: on each beat it does something drawn at random to a worker, a peer or itself.</summary>
public sealed class Hub : Actor<HubState>
{
    protected override void PreStart()
    {
        for (var i = 0; i < 3; i++)
        {
            AddKid();
        }

        Context.Watch(Peer());
        Context.StartTimer(new Beat(0), VirtualDuration.FromMicroseconds(10));
    }

    protected override Directive OnChildFailure(ActorRef child, Exception cause)
    {
        Context.Tell(Self, new Nudge(child.Local));
        return cause is AskedToFailException asked
            ? asked.Directive switch { 0 => Directive.Resume, 1 => Directive.Restart, _ => Directive.Stop }
            : base.OnChildFailure(child, cause);
    }

    public void On(in Beat beat)
    {
        if (--State.BeatsLeft <= 0)
        {
            return;
        }

        Act(beat.Number);
        Context.StartTimer(new Beat(beat.Number + 1), Context.Random.NextExponential(VirtualDuration.FromMicroseconds(30)));
    }

    public void On(in Ping ping)
    {
        State.Sum += ping.Weight;
        if (ping.Hops > 0)
        {
            Context.Tell(Peer(), ping with { Hops = ping.Hops - 1, Weight = ping.Weight + 1 });
        }
        else
        {
            Context.Tell(ping.Origin, new Nudge(ping.Weight));
        }
    }

    public void On(in Parcel parcel)
    {
        State.Sum += parcel.Content.Length + parcel.Label.Length;
        if (parcel.Hops > 0)
        {
            Context.Tell(Kid(), parcel with { Hops = parcel.Hops - 1, Label = parcel.Label + "+" });
        }
    }

    public void On(in Letter letter)
    {
        State.Sum += letter.Numbers.Count;
        Context.Tell(Sender, new Nudge(letter.Numbers.Count));
    }

    public void On(in Nudge nudge) => State.Sum += nudge.Serial;

    [When("quiet")]
    public void Quietly(in Ping ping) => State.Quiet++;

    public void On(in Terminated terminated) => State.Deaths++;

    private void Act(int number)
    {
        switch (Context.Random.Next(14))
        {
            case 0:
                Context.Tell(Peer(), new Ping(6, number, Self));
                break;
            case 1:
                Context.Tell(Peer(), new Parcel($"parcel {number}", new byte[Context.Random.Next(100)], 3));
                break;
            case 2:
                Context.Tell(Peer(), new Letter("hub", number % 2 == 0 ? null : "odd", [.. Enumerable.Range(0, number % 7)]));
                break;
            case 3:
                AddKid();
                break;
            case 4:
                Context.Tell(Kid(), new PoisonPill());
                break;
            case 5:
                Context.Tell(Kid(), new Kill());
                break;
            case 6 or 7:
                Context.Tell(Kid(), new Fail((int)Context.Random.Next(4)));
                break;
            case 8:
                Become("quiet");
                break;
            case 9:
                Unbecome();
                break;
            case 10:
                Context.CancelTimer(State.Side);
                State.Side = Context.StartTimer(new Nudge(number), VirtualDuration.FromMicroseconds(Context.Random.Next(80)));
                break;
            case 11:
                Context.Work(VirtualDuration.FromMicroseconds(Context.Random.Next(20)));
                Context.Tell(Kid(), new Ping(2, number, Self));
                break;
            case 12:
                Context.Watch(Kid());
                break;
            default:
                Context.Tell(Self, new Nudge(1));
                Context.Tell(Kid(), new Beat(number));
                break;
        }
    }

    private void AddKid()
    {
        var kid = Context.Spawn<Worker, WorkerState>($"w{State.Spawned}", new WorkerState { Depth = 1 });
        State.Spawned++;
        State.Kids.Add(kid);
        Context.Watch(kid);
    }

    private ActorRef Kid() => State.Kids[(int)Context.Random.Next(State.Kids.Count)];

    private ActorRef Peer() => new(1 + (int)Context.Random.Next(State.Processes), 1);
}
