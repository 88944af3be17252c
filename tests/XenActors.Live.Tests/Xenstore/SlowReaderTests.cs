using XenActors.Abi;
using XenActors.Live.Xenstore;

namespace XenActors.Tests.Live.Xenstore;

public class SlowReaderTests
{
    /// <summary>A server of whatever kind these outcomes hold for.</summary>
    internal virtual RunningServer Serve(XenstoreServerOptions? options = null) => new(options);

    /// <summary>How many replies may still come when a client is no longer read from.</summary>
    internal virtual int InFlight => 1;

    private static readonly XenstoreServerOptions Small = new() { QueueSoft = 16 * 1024, QueueHard = 512 * 1024 };

    [Fact]
    public void A_client_that_does_not_read_its_replies_is_no_longer_read_from()
    {
        using var server = Serve(Small);
        using var slow = server.Connect();
        using var other = server.Connect();
        other.Ask(XsWireType.Write, "/big|" + new string('v', 4000));
        var request = WireClient.Bytes(XsWireType.Read, "/big|");
        var sent = slow.SendUntilFull(request, 64L * 1024 * 1024);
        Assert.InRange(sent, 1, 8 * 1024 * 1024);
        Assert.InRange(server.Counts.QueuedBytes, Small.QueueSoft, Small.QueueSoft + (InFlight * (XsdSockmsg.SizeOf + XenstoreLimits.PayloadMax)));
        Assert.Equal("OK|", other.Ask(XsWireType.Write, "/a|1"));

        // Once it reads, every request that it sent in full is answered.
        for (var i = 0; i < sent / request.Length; i++) Assert.Equal(4000, slow.Receive().Text.Length);
        Assert.Equal(0, server.Counts.QueuedBytes);
    }

    [Fact]
    public void Events_that_already_wait_are_not_queued_again()
    {
        using var server = Serve(Small);
        using var slow = server.Connect();
        using var writer = server.Connect();
        slow.Ask(XsWireType.Watch, "/w|token|");
        slow.Receive();
        Write(writer, 20_000, i => $"/w/{i % 50}|x");
        Assert.InRange(server.Counts.QueuedBytes, 1, 16 * 1024);

        // The newest change of every node is told after the change.
        var last = new Dictionary<string, int>();
        writer.Ask(XsWireType.Write, "/w/end|x");
        for (var count = 1; ; count++)
        {
            var node = slow.Receive().Text;
            last[node] = count;
            if (node == "/w/end|token|") break;
        }

        Assert.Equal(51, last.Count);
        Assert.Equal(2, server.Counts.Connections);
    }

    [Fact]
    public void A_client_beyond_the_hard_bound_is_closed_alone()
    {
        using var server = Serve(Small);
        using var slow = server.Connect();
        using var writer = server.Connect();
        slow.Ask(XsWireType.Watch, "/w|token|");
        slow.Receive();
        Write(writer, 40_000, i => $"/w/{i}|x");
        Assert.Equal((1, 0, 0), ConnectionTests.Held(server.Counts));
        Assert.Equal(0, server.Counts.QueuedBytes);
        Assert.True(slow.IsClosed());
        Assert.Equal("x", writer.Ask(XsWireType.Read, "/w/39999|"));
    }

    [Fact]
    public void A_paused_client_that_leaves_is_forgotten()
    {
        using var server = Serve(Small);
        var slow = server.Connect();
        slow.Ask(XsWireType.Write, "/big|" + new string('v', 4000));
        slow.SendUntilFull(WireClient.Bytes(XsWireType.Read, "/big|"), 64L * 1024 * 1024);
        Assert.True(server.Counts.QueuedBytes > 0);
        slow.Dispose();
        Assert.Equal(default, server.Counts);
    }

    private static void Write(WireClient writer, int count, Func<int, string> what)
    {
        for (var i = 0; i < count; i++) Assert.Equal("OK|", writer.Ask(XsWireType.Write, what(i)));
    }
}
