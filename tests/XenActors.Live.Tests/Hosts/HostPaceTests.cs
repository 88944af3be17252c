using XenActors.Abi;
using XenActors.Live.Hosts;
using XenActors.Simulation;

namespace XenActors.Tests.Live.Hosts;

public sealed class HostPaceTests
{
    [Fact]
    public void Virtual_time_keeps_to_the_clock_and_an_answer_comes_a_millisecond_ahead_of_it_at_most()
    {
        var clock = new ManualClock();
        using var host = RunningHost.Start(options: new HostServerOptions { Socket = "", Clock = clock });
        using var client = host.Connect();
        Assert.Equal("/local/domain/1|", client.Ask(XsWireType.GetDomainPath, "1|"));
        Assert.Equal("/local/domain/2|", client.Ask(XsWireType.GetDomainPath, "2|"));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("/local/domain/3|", client.Ask(XsWireType.GetDomainPath, "3|"));
        var times = Requests(host);
        Assert.All(times[..2], t => Assert.InRange(t, 0, 1_000_000));
        Assert.InRange(times[2], 10_000_000_000, 10_001_000_000);
        host.Replays();
    }

    [Fact]
    public void Twice_the_speed_is_twice_the_virtual_time()
    {
        var clock = new ManualClock();
        using var host = RunningHost.Start(options: new HostServerOptions { Socket = "", Clock = clock, Speed = 2 });
        using var client = host.Connect();
        client.Ask(XsWireType.GetDomainPath, "1|");
        clock.Advance(TimeSpan.FromSeconds(3));
        client.Ask(XsWireType.GetDomainPath, "1|");
        Assert.InRange(Requests(host)[1], 6_000_000_000, 6_002_000_000);
    }

    [Fact]
    public void Requests_beyond_what_the_simulated_daemon_can_do_wait_for_the_clock()
    {
        var clock = new ManualClock();
        using var host = RunningHost.Start(options: new HostServerOptions { Socket = "", Clock = clock });
        using var client = host.Connect();
        client.Ask(XsWireType.GetDomainPath, "1|");

        // Its daemon needs about 20 us each: a millisecond is not enough for these.
        for (uint i = 0; i < 60; i++) client.Send(Xenstore.WireClient.Bytes(XsWireType.GetDomainPath, "1|", i));
        var answered = 0;
        while (answered < 60 && !client.Waits()) (answered, _) = (answered + 1, client.Receive());
        Assert.InRange(answered, 20, 55);
        while (answered < 60)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            (answered, _) = (answered + 1, client.Receive());
        }

        host.Replays();
    }

    [Fact]
    public void Virtual_time_that_falls_behind_is_told_and_does_not_skip()
    {
        // Whenever somebody looks at it the clock has moved by 4 ms: no machine keeps up with a boot then.
        var clock = new ManualClock(TimeSpan.FromMilliseconds(4));
        using var host = RunningHost.Start(RunningHost.Guest(), new HostServerOptions { Socket = "", Clock = clock, Speed = 1000, WaitForClient = true });
        using var client = host.Connect();
        client.Send(Xenstore.WireClient.Bytes(XsWireType.Watch, "/local/domain/1|t|"));
        while (client.Receive().Text != "/local/domain/1/device/vif/0/feature-gso-tcpv4|t|")
        {
        }

        host.Replays();
        Assert.Contains(host.Told, t => t.Contains("this machine is too slow for the pace", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_happens_before_the_first_request_when_it_is_waited_for()
    {
        var clock = new ManualClock();
        using var host = RunningHost.Start(options: new HostServerOptions { Socket = "", Clock = clock, WaitForClient = true });
        using var idle = host.Connect();
        clock.Advance(TimeSpan.FromHours(1));
        using var client = host.Connect();
        client.Ask(XsWireType.GetDomainPath, "1|");
        Assert.Equal(0, Requests(host)[0]);
        host.Replays();
    }

    [Fact]
    public void As_fast_as_can_be_virtual_time_is_what_the_requests_take()
    {
        using var host = RunningHost.Start();
        using var client = host.Connect();
        for (var i = 0; i < 500; i++) client.Ask(XsWireType.GetDomainPath, "1|");
        Assert.InRange(Requests(host)[^1], 500 * 18_000, 500 * 40_000);
    }

    [Theory]
    [InlineData(1, 5_000_000, 5)]
    [InlineData(1, 5_000_001, 6)]
    [InlineData(10, 5_000_000, 1)]
    [InlineData(0.5, 5_000_000, 10)]
    public void How_long_to_sleep_is_rounded_up(double speed, long nanoseconds, int milliseconds)
    {
        var pace = new HostPace(new ManualClock(), speed);
        pace.Start();
        Assert.Equal(milliseconds, pace.MillisecondsUntil(new VirtualTime(nanoseconds)));
        Assert.Equal(0, pace.MillisecondsUntil(VirtualTime.Zero));
        Assert.Equal(-1, pace.MillisecondsUntil(VirtualTime.Never));
    }

    // The stamps of the requests, in nanoseconds.
    private static long[] Requests(RunningHost host)
    {
        host.Ended();
        return [.. File.ReadLines(host.Recording).Select(l => l.Split(' ')).Where(l => l is [_, "xenstore", _, not ("connect" or "disconnect"), ..]).Select(l => long.Parse(l[0], System.Globalization.CultureInfo.InvariantCulture))];
    }

    [Fact]
    public void Where_virtual_time_has_run_ahead_the_clock_goes_on_from_there()
    {
        var clock = new ManualClock();
        var pace = new HostPace(clock, 2);
        pace.Start();
        clock.Advance(TimeSpan.FromSeconds(1));
        pace.RunAhead(new VirtualTime(1_500_000_000)); // it is later than that already
        Assert.Equal(new VirtualTime(2_000_000_000), pace.Now);
        pace.RunAhead(new VirtualTime(2_250_000_000));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new VirtualTime(4_250_000_000), pace.Now);
        Assert.Equal(1, pace.MillisecondsUntil(new VirtualTime(4_251_500_000)));
    }
}
