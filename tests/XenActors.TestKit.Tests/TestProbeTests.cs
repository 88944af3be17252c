using XenActors.Simulation;
using XenActors.TestKit;

namespace XenActors.Tests.TestKit;

public sealed class TestProbeTests : EchoTest
{
    private static VirtualDuration Ms(long value) => VirtualDuration.FromMilliseconds(value);

    [Fact]
    public void An_expectation_advances_time_only_as_far_as_it_needs()
    {
        var probe = Started();
        probe.Send(Echo, new Ask(5));
        Assert.Equal(new Answer(5, "echo"), probe.ExpectMsg<Answer>(Ms(500)));
        var arrival = VirtualTime.Zero + EchoActor.Delay + Latency + Latency;
        Assert.Equal(arrival, probe.Messages[0].At);
        Assert.InRange(Simulator.Now.Nanoseconds, arrival.Nanoseconds, (arrival + Latency).Nanoseconds);
        Assert.Equal(Echo, probe.Messages[0].Sender);
    }

    [Fact]
    public void Messages_are_expected_in_order()
    {
        var probe = Started();
        probe.Send(Echo, new Ask(1));
        probe.Send(Echo, new Ask(2));
        Advance(Ms(10));
        probe.ExpectMsg(new Answer(1, "echo"), Ms(1));
        probe.ExpectMsg(new Answer(2, "echo"), Ms(1));
        probe.ExpectNoMsg(Ms(5));
        Assert.Equal(2, probe.Messages.Count);
    }

    [Fact]
    public void The_end_of_a_killed_actor_is_heard()
    {
        var probe = Started();
        probe.Watch(Echo);
        Advance(Ms(1));
        Kill(Echo);
        probe.ExpectTerminated(Echo, Ms(1));
        Assert.False(Simulator.IsAlive(Echo));
    }

    [Fact]
    public void A_probe_can_live_outside()
    {
        Started();
        var outside = Probe();
        outside.Send(Echo, new Ask(3));
        Assert.Equal(3, outside.ExpectMsg<Answer>().Number);
    }

    [Fact]
    public void A_probe_survives_a_snapshot()
    {
        var probe = Started();
        probe.Send(Echo, new Ask(1));
        probe.ExpectMsg<Answer>();
        probe.Send(Echo, new Ask(2));
        var snapshot = Simulator.Snapshot();
        Simulator.Restore(snapshot, new TypeCatalog(typeof(EchoActor).Assembly, typeof(TestProbe).Assembly));
        var again = Attach(probe.Ref);
        Assert.Single(again.Messages);
        Assert.Equal(2, again.ExpectMsg<Answer>().Number);
    }
}
