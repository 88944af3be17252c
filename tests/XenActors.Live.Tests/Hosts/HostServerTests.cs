using System.Text;
using XenActors.Abi;
using XenActors.Live.Hosts;
using XenActors.Live.Xenstore;
using XenActors.Simulation;
using XenActors.Tests.Live.Xenstore;
using XenActors.Xenstore.Traces;

namespace XenActors.Tests.Live.Hosts;

public sealed class HostServerTests
{
    private static readonly HostServerOptions Waiting = new() { Socket = "", Speed = double.PositiveInfinity, WaitForClient = true };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_boot_that_was_watched_is_replayed_to_the_same_fingerprint(int partitions)
    {
        using var host = RunningHost.Start(RunningHost.Guest(), Waiting);
        using var client = host.Connect();
        client.Send(WireClient.Bytes(XsWireType.Watch, "/|t|"));
        var seen = new List<string>();
        while (!seen.Contains("/local/domain/1/device/vif/0/feature-gso-tcpv4|t|")) seen.Add(client.Receive().Text);

        // From the beginning: before dom0 has said who it is.
        Assert.Equal(["OK|", "/|t|", "/local/domain/0/domid|t|"], seen.Where(t => !t.Contains("control", StringComparison.Ordinal)).Take(3));
        host.Replays(EngineOptions.Threads(partitions));
        Assert.Contains(host.Told, t => t.EndsWith("f16pvhvm (domain 1) is created", StringComparison.Ordinal));
    }

    [Fact]
    public void All_that_is_said_to_its_xenstored_stands_in_its_trace_which_replays()
    {
        var directory = Directory.CreateTempSubdirectory("xs");
        var file = Path.Combine(directory.FullName, "trace");
        var told = new List<string>();
        using (var host = RunningHost.Start(RunningHost.Guest(), Waiting with { Server = new() { Log = new AccessLog(file, told.Add) } }))
        {
            using var client = host.Connect();
            client.Send(WireClient.Bytes(XsWireType.Watch, "/|t|"));
            while (client.Receive().Text != "/local/domain/1/device/vif/0/feature-gso-tcpv4|t|")
            {
            }

            host.Replays(); // without a trace, to the same fingerprint
        }

        var lines = TraceParser.Parse(File.ReadAllText(file, Encoding.Latin1));
        var outcome = TraceReplay.Run(lines);
        Assert.True(outcome.Difference is null, $"{outcome.Difference}");
        Assert.InRange(outcome.Replies, 400, int.MaxValue);
        Assert.InRange(outcome.Events, 100, int.MaxValue);
        // dom0's clients, the guest's ring and the program outside.
        Assert.InRange(lines.Count(l => l.Kind == TraceKind.Created), 4, int.MaxValue);
        Assert.Contains(lines, l => l.Text.StartsWith("device/vbd/", StringComparison.Ordinal));
        Assert.Empty(told);
        directory.Delete(true);
    }

    [Fact]
    public void Engines_serve_the_same_store()
    {
        using var host = RunningHost.Start(RunningHost.Guest() with { Engine = EngineOptions.Threads(3) }, Waiting);
        using var client = host.Connect();
        Assert.Equal("OK|", client.Ask(XsWireType.Write, "/a|1"));
        Assert.Equal("1", client.Ask(XsWireType.Read, "/a|"));
        host.Replays();
    }

    [Fact]
    public void What_a_client_writes_reaches_a_guests_driver_and_its_complaint_the_client()
    {
        const string Mac = "/local/domain/1/device/vif/0/mac|";
        const string Error = "/local/domain/1/error/device/vif/0/error|";
        var clock = new ManualClock();
        using var host = RunningHost.Start(RunningHost.Guest(), Waiting with { Speed = 1, Clock = clock });
        using var client = host.Connect();
        Until(Mac);
        Assert.Equal("OK|", client.Ask(XsWireType.Rm, Mac));
        Until(Error);
        Assert.Equal("2 parsing device/vif/0/mac", client.Ask(XsWireType.Read, Error));
        host.Replays();

        void Until(string path)
        {
            for (var tenths = 0; client.Ask(XsWireType.Read, path) == "ENOENT|"; tenths++)
            {
                Assert.InRange(tenths, 0, 300);
                clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    [Fact]
    public void Whoever_takes_the_place_of_one_that_left_hears_nothing_of_what_was_meant_for_it()
    {
        using var host = RunningHost.Start();
        using var writer = host.Connect();
        for (var round = 0; round < 50; round++)
        {
            using (var first = host.Connect())
            {
                first.Ask(XsWireType.Watch, "/w|old|");
                writer.Send([.. Enumerable.Range(0, 20).SelectMany(i => WireClient.Bytes(XsWireType.Write, $"/w/{i}|x"))]);
                first.Send(WireClient.Bytes(XsWireType.Read, "/w|", 99));
            }

            using var second = host.Connect();
            second.Send(WireClient.Bytes(XsWireType.GetDomainPath, "5|", 3));
            Assert.Equal(new WireMessage(XsWireType.GetDomainPath, 3, 0, "/local/domain/5|"), second.Receive());
            for (var i = 0; i < 20; i++) Assert.Equal("OK|", writer.Receive().Text);
        }

        Assert.Equal((1, 0, 0), ConnectionTests.Held(host.Counts));
        host.Replays();
    }

    [Fact]
    public void More_requests_than_may_be_on_their_way_are_answered_in_order()
    {
        using var host = RunningHost.Start();
        using var client = host.Connect();
        var sender = new Thread(() =>
        {
            for (uint i = 0; i < 5000; i++) client.Send(WireClient.Bytes(XsWireType.Write, $"/a|{i}", i));
        });
        sender.Start();
        for (uint i = 0; i < 5000; i++) Assert.Equal(new WireMessage(XsWireType.Write, i, 0, "OK|"), client.Receive());
        sender.Join();
        host.Replays();
    }

    [Fact]
    public void A_slow_reader_changes_nothing_in_the_simulation()
    {
        using var host = RunningHost.Start(options: new HostServerOptions { Socket = "", Speed = double.PositiveInfinity, Server = new() { QueueSoft = 4096, QueueHard = 65536 } });
        using var slow = host.Connect();
        using var writer = host.Connect();
        slow.Ask(XsWireType.Watch, "/w|token|");
        for (var i = 0; i < 20_000; i++) Assert.Equal("OK|", writer.Ask(XsWireType.Write, $"/w/{i % 10}|x"));
        Assert.InRange(host.Counts.QueuedBytes, 1, 4096);
        host.Replays();
    }

    [Fact]
    public void Packets_at_random_leave_nothing_behind_and_can_be_replayed()
    {
        using var host = RunningHost.Start();
        var random = new Random(5);
        for (var round = 0; round < 200; round++) FuzzTests.Attack(host, random);
        Assert.Equal(default, host.Counts);
        using var client = host.Connect();
        Assert.Equal("OK|", client.Ask(XsWireType.Write, "/alive|1"));
        host.Replays(EngineOptions.Threads(2));
    }

    [Fact]
    public void Clients_that_come_and_go_use_the_same_few_places()
    {
        using var host = RunningHost.Start();
        for (var i = 0; i < 300; i++)
        {
            using var client = host.Connect();
            Assert.Equal($"/local/domain/{i}|", client.Ask(XsWireType.GetDomainPath, $"{i}|"));
        }

        var summary = host.Ended();
        Assert.Equal((300, 300), (summary.Clients, summary.Requests));
        Assert.InRange(File.ReadLines(host.Recording).Where(l => l.EndsWith(" connect", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).Distinct().Count(), 1, 5);
        host.Replays();
    }
}
