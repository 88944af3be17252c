using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Actors;

public sealed class SupervisionTests
{
    [Fact]
    public void Resume_drops_the_message_and_keeps_the_state()
    {
        var run = new FamilyRun(Directive.Resume);
        Assert.Equal(["1 decides about Throw"], run.Tell(run.At("top/0"), Order.Throw));
        Assert.Equal(["2 has handled 2"], run.Tell(run.At("top/0"), Order.Count));
    }

    [Fact]
    public void Restart_gives_the_first_state_back_and_stops_the_children()
    {
        var run = new FamilyRun(Directive.Restart, depth: 2);
        var kid = run.At("top/0");
        run.Tell(kid, Order.Count);
        var said = run.Tell(kid, Order.Throw);
        Assert.Equal("1 decides about Throw", said[0]);
        Assert.Equal(["4 stops", "5 stops", "2 restarts after Throw", "2 starts"], said[1..5]);
        Assert.Equal(kid, run.At("top/0"));
        Assert.Equal(["2 has handled 1"], run.Tell(kid, Order.Count));
    }

    [Fact]
    public void Stop_stops_the_child_and_its_children_first()
    {
        var run = new FamilyRun(Directive.Stop, depth: 2);
        var kid = run.At("top/0");
        Assert.Equal(["1 decides about Throw", "4 stops", "5 stops", "2 stops"], run.Tell(kid, Order.Throw));
        Assert.False(run.Simulator.IsAlive(kid));
        Assert.Equal(ActorRef.None, run.At("top/0"));
        Assert.Equal("p/top/0", run.Simulator.PathOf(kid));
    }

    [Fact]
    public void An_escalated_failure_stops_the_run_and_names_actor_time_and_seed()
    {
        var run = new FamilyRun(Directive.Escalate, depth: 2);
        Assert.Equal(
            $"p/top/1/0 failed at {run.Simulator.Now} with seed 42: InvalidOperationException: Throw", run.Failure(run.At("top/1/0"), Order.Throw));
        Assert.Contains("p/top/1/0 failed", Assert.Throws<SimulationException>(run.Simulator.Run).Message);
    }

    [Fact]
    public void A_top_actors_failure_stops_the_run()
    {
        var run = new FamilyRun();
        Assert.StartsWith("p/top failed at ", run.Failure(run.Top, Order.Throw));
    }

    [Fact]
    public void A_decision_that_throws_is_the_parents_failure()
    {
        var run = new FamilyRun(Directive.Restart, depth: 2);
        var said = run.Tell(run.At("top/0/0"), Order.ThrowInDecision);
        Assert.Equal("2 decides about ThrowInDecision", said[0]);
        Assert.Equal("1 decides about cannot decide", said[1]);
        Assert.Contains("2 restarts after cannot decide", said);
    }

    [Fact]
    public void A_restart_that_throws_is_the_parents_failure()
    {
        var run = new FamilyRun(Directive.Restart);
        Assert.Equal(
            $"p/top failed at {run.Simulator.Now} with seed 42: InvalidOperationException: cannot start again",
            run.Failure(run.At("top/0"), Order.ThrowInPostRestart));
    }

    [Fact]
    public void Last_words_that_throw_stop_the_run()
    {
        var run = new FamilyRun();
        Assert.Equal(
            $"p/top/0 failed at {run.Simulator.Now} with seed 42: PostStop threw InvalidOperationException: last words",
            run.Failure(run.At("top/0"), Order.ThrowInPostStop));
    }

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Stop)]
    [InlineData(Directive.Resume)]
    public void Who_stopped_before_it_threw_stays_stopped(Directive directive)
    {
        var run = new FamilyRun(directive);
        var kid = run.At("top/0");
        Assert.Equal(["2 stops", "1 decides about after the end"], run.Tell(kid, Order.StopSelfThenThrow));
        Assert.False(run.Simulator.IsAlive(kid));
    }

    [Fact]
    public void Stopping_twice_is_stopping_once()
    {
        var run = new FamilyRun();
        Assert.Equal(["2 stops"], run.Tell(run.At("top/0"), Order.StopTwice));
    }

    [Fact]
    public void A_stopped_actor_cannot_spawn()
    {
        var run = new FamilyRun();
        Assert.EndsWith("p/top/0 has stopped and cannot spawn late", run.Failure(run.At("top/0"), Order.SpawnAfterStop));
    }

    [Fact]
    public void Children_stop_in_the_order_in_which_they_were_spawned_and_before_their_parent()
    {
        var run = new FamilyRun(depth: 2);
        run.Simulator.Tell(run.Top, new PoisonPill());
        run.Simulator.Run();
        Assert.Equal(["4 stops", "5 stops", "2 stops", "6 stops", "7 stops", "3 stops", "1 stops"], run.Said());
    }

    [Fact]
    public void Only_a_child_can_be_stopped()
    {
        var run = new FamilyRun();
        Assert.EndsWith("p/top may stop only its own children", run.Failure(run.Top, Order.StopForeign));
    }

    [Fact]
    public void A_child_that_has_stopped_already_is_not_stopped_again()
    {
        var run = new FamilyRun();
        Assert.Equal(["2 stops", "3 stops"], run.Tell(run.Top, Order.StopKids));
        Assert.Empty(run.Tell(run.Top, Order.StopKids));
        Assert.True(run.Simulator.IsAlive(run.Top));
    }

    [Fact]
    public void A_killed_child_stops_unless_its_parent_says_otherwise()
    {
        var run = new FamilyRun(Directive.Restart);
        run.Simulator.Tell(run.At("top/0"), new Kill());
        run.Simulator.Run();
        Assert.Equal(["1 decides about killed", "2 stops"], run.Said());
        Assert.True(run.Simulator.IsAlive(run.Top));
        run.Simulator.Tell(run.Top, new Kill());
        run.Simulator.Run();
        Assert.Equal(["3 stops", "1 stops"], run.Said());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Of_two_failures_in_one_window_the_earlier_is_told_on_every_engine(int partitions)
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = new(1000), Engine = Runs.Engine(partitions) };
        var processes = Enumerable.Range(0, 4).Select(i => builder.AddProcess($"p{i}")).ToArray();
        var simulator = builder.Build();
        foreach (var (process, at) in processes.Zip(new long[] { 400, 300, 100, 200 }))
        {
            var top = simulator.Spawn<Family, FamilyState>(process, "top", new FamilyState());
            simulator.TellAt(new VirtualTime(at), top, new Do(Order.Throw));
        }

        Assert.Equal("p2/top failed at 0.000000100 with seed 1: InvalidOperationException: Throw", Assert.Throws<SimulationException>(simulator.Run).Message);
    }

    [Fact]
    public void A_parent_stops_100000_children_in_no_time()
    {
        var run = new FamilyRun(children: 100_000);
        run.Simulator.Tell(run.Top, new Do(Order.StopKids));
        run.Simulator.Run();
        Assert.Equal(100_000, run.Said().Length);
        Assert.True(run.Simulator.IsAlive(run.Top));
    }
}
