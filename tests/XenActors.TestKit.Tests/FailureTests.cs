using XenActors.Simulation;
using XenActors.TestKit;
using Xunit.Sdk;

namespace XenActors.Tests.TestKit;

public sealed class FailureTests : EchoTest
{
    private static VirtualDuration Ms(long value) => VirtualDuration.FromMilliseconds(value);

    [Fact]
    public void A_missing_message_prints_trace_seed_and_command()
    {
        UseSeed(77);
        var probe = Started();
        probe.Send(Echo, new Ask(5));
        Assert.Equal(
            """
            expected Answer within 1ms, and nothing came
            at 0.001000000, after:
              0.000000000 server/echo <- outside Start { }
              0.000000000 client/probe1 <- outside Start { }
              0.000000000 client/probe1 <- outside ProbeSend { To = 1:1, Type = XenActors.Tests.TestKit.Ask, Bytes = System.Byte[] }
              0.000010000 server/echo <- client/probe1 Ask { Number = 5 }
            seed 77; to repeat:
            XENACTORS_SEED=77 dotnet test --filter "FullyQualifiedName~XenActors.Tests.TestKit.FailureTests.A_missing_message_prints_trace_seed_and_command"
            """.ReplaceLineEndings(),
            Failing(() => probe.ExpectMsg<Answer>(Ms(1))));
    }

    [Fact]
    public void A_message_of_another_type_is_named()
    {
        var probe = Started();
        probe.Send(Echo, new Ask(5));
        Assert.StartsWith("expected Ask within 9ms, and got Answer at 0.003020000 from 1:1", Failing(() => probe.ExpectMsg<Ask>(Ms(9))));
    }

    [Fact]
    public void Another_value_is_shown_beside_the_expected_one()
    {
        var probe = Started();
        probe.Send(Echo, new Ask(5));
        Assert.StartsWith(
            "expected Answer { Number = 6, Text = echo } within 9ms, and got Answer { Number = 5, Text = echo }",
            Failing(() => probe.ExpectMsg(new Answer(6, "echo"), Ms(9))));
    }

    [Fact]
    public void An_unexpected_message_is_named()
    {
        var probe = Started();
        probe.Send(Echo, new Ask(5));
        Assert.StartsWith("expected no message for 9ms, and got Answer", Failing(() => probe.ExpectNoMsg(Ms(9))));
    }

    [Fact]
    public void The_end_of_another_actor_is_named()
    {
        var probe = Started();
        probe.Watch(Echo);
        Advance(Ms(1));
        Kill(Echo);
        Assert.StartsWith("expected the end of client/probe1, and heard of server/echo", Failing(() => probe.ExpectTerminated(probe.Ref, Ms(9))));
    }

    [Fact]
    public void A_failing_actor_fails_the_test_with_seed_and_command()
    {
        var probe = Started();
        probe.Send(Echo, new Ask(-1));
        var message = Failing(() => Advance(Ms(1)));
        Assert.StartsWith($"server/echo failed at 0.000010000 with seed {Seed}: InvalidOperationException: negative", message);
        Assert.EndsWith("FailureTests.A_failing_actor_fails_the_test_with_seed_and_command\"", message);
    }

    [Fact]
    public void Only_the_last_ten_trace_lines_are_shown()
    {
        var probe = Started();
        for (var i = 0; i < 30; i++)
        {
            probe.Send(Echo, new Ask(i));
        }

        Advance(Ms(1));
        Assert.Equal(10, Failing(() => Trace.AssertContains("nonsense")).Split(Environment.NewLine).Count(l => l.StartsWith("  0.", StringComparison.Ordinal)));
    }

    private static string Failing(Action action) => Assert.ThrowsAny<XunitException>(action).Message;
}
