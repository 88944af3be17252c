using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Actors;

[Codec]
public sealed partial class FamilyState
{
    /// <summary>Levels of children below this one.</summary>
    public int Depth { get; set; }

    public int Children { get; set; }

    public Directive Directive { get; set; }

    public ActorRef Log { get; set; }

    public int Handled { get; set; }

    public List<ActorRef> Kids { get; } = [];

    public TimerId Timer { get; set; }
}

/// <summary>What a family member is told to do.</summary>
public enum Order
{
    Count,
    Throw,
    StopSelfThenThrow,
    StopKids,
    StopForeign,
    StopTwice,
    SpawnAfterStop,
    ThrowInPostStop,
    ThrowInPostRestart,
    ThrowInDecision,
    StartTimer,
}

[Codec]
public readonly partial record struct Do(Order Order);

/// <summary>Spawns what its state says and tells the log about every step of its life.</summary>
public sealed class Family : Actor<FamilyState>
{
    protected override void PreStart()
    {
        Say("starts");
        for (var i = 0; i < State.Children; i++)
        {
            State.Kids.Add(Context.Spawn<Family, FamilyState>($"{i}", new FamilyState
            {
                Depth = State.Depth - 1,
                Children = State.Depth > 1 ? State.Children : 0,
                Directive = State.Directive,
                Log = State.Log,
            }));
        }
    }

    protected override void PostStop()
    {
        Say("stops");
        Context.Stop();
        if (State.Handled == (int)Order.ThrowInPostStop)
        {
            throw new InvalidOperationException("last words");
        }
    }

    protected override void PostRestart(Exception cause)
    {
        Say($"restarts after {cause.Message}");
        if (cause.Message == nameof(Order.ThrowInPostRestart))
        {
            throw new InvalidOperationException("cannot start again");
        }

        base.PostRestart(cause);
    }

    protected override Directive OnChildFailure(ActorRef child, Exception cause)
    {
        Say($"decides about {cause.Message}");
        return cause.Message == nameof(Order.ThrowInDecision) ? throw new InvalidOperationException("cannot decide")
            : cause is ActorKilledException ? base.OnChildFailure(child, cause)
            : State.Directive;
    }

    public void On(in Do order)
    {
        State.Handled++;
        switch (order.Order)
        {
            case Order.Count:
                Say($"has handled {State.Handled}");
                break;
            case Order.StopSelfThenThrow:
                Context.Stop();
                throw new InvalidOperationException("after the end");
            case Order.StopKids:
                State.Kids.ForEach(Context.Stop);
                break;
            case Order.StopForeign:
                Context.Stop(State.Log);
                break;
            case Order.StopTwice:
                Context.Stop();
                Context.Stop();
                break;
            case Order.SpawnAfterStop:
                Context.Stop();
                Context.Spawn<Family, FamilyState>("late", new FamilyState());
                break;
            case Order.ThrowInPostStop:
                State.Handled = (int)Order.ThrowInPostStop;
                Context.Stop();
                break;
            case Order.StartTimer:
                State.Timer = Context.StartTimer(new Do(Order.Count), new VirtualDuration(100));
                break;
            default:
                throw new InvalidOperationException(order.Order.ToString());
        }
    }

    private void Say(string what) => Context.Tell(State.Log, new Words($"{Self.Local - 1} {what}", []));
}

/// <summary>A log in place 1, and a family below place 2.</summary>
internal sealed class FamilyRun
{
    private readonly ActorRef log;

    public FamilyRun(Directive directive = Directive.Stop, int depth = 1, int children = 2)
    {
        var builder = new SimulatorBuilder(42);
        var process = builder.AddProcess("p");
        Simulator = builder.Build();
        log = Simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        Top = Simulator.Spawn<Family, FamilyState>(
            process, "top", new FamilyState { Depth = depth, Children = children, Directive = directive, Log = log });
        Simulator.Run();
        Simulator.Lines(log).Clear();
    }

    public Simulator Simulator { get; }

    public ActorRef Top { get; }

    public ActorRef Log => log;

    /// <summary>What the family said since the last question, without times.</summary>
    public string[] Said()
    {
        var lines = Simulator.Lines(log).Select(l => l[(l.IndexOf(' ') + 1)..].Replace(" 0", "", StringComparison.Ordinal)).ToArray();
        Simulator.Lines(log).Clear();
        return lines;
    }

    public string[] Tell(ActorRef to, Order order)
    {
        Simulator.Tell(to, new Do(order));
        Simulator.Run();
        return Said();
    }

    public ActorRef At(string path) => Simulator.Find($"p/{path}");

    public string Failure(ActorRef to, Order order)
    {
        Simulator.Tell(to, new Do(order));
        return Assert.Throws<SimulationException>(Simulator.Run).Message;
    }
}
