using System.Diagnostics;
using XenActors.Abi;
using XenActors.Live.Xenstore;

namespace XenActors.Tests.Live.Xenstore;

/// <summary>Clients whose transactions have met EAGAIN take turns; nobody else waits, and nobody for long.</summary>
public sealed class TransactionTurnTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly XenstoreServerOptions Patient = new() { TurnIdle = Long, TurnMost = Long };

    [Fact]
    public void One_that_has_lost_waits_for_another_that_has_and_then_commits()
    {
        using var server = new RunningServer(Patient);
        using var one = server.Connect();
        using var other = server.Connect();
        Lose(server, one);
        Lose(server, other);
        Begin(one, out var first);
        other.Send(WireClient.Bytes(XsWireType.TransactionStart, "|"));
        Assert.True(other.Waits());
        Assert.Equal("OK|", one.Ask(XsWireType.Write, "/a|one", first));
        Assert.Equal("OK|", one.Ask(XsWireType.TransactionEnd, "T|", first));
        var second = uint.Parse(other.Receive().Text.TrimEnd('|'), null);
        Assert.Equal("one", other.Ask(XsWireType.Read, "/a|", second));
        Assert.Equal("OK|", other.Ask(XsWireType.Write, "/a|other", second));
        Assert.Equal("OK|", other.Ask(XsWireType.TransactionEnd, "T|", second));
    }

    [Fact]
    public void One_that_never_lost_waits_for_nobody()
    {
        using var server = new RunningServer(Patient);
        using var one = server.Connect();
        using var other = server.Connect();
        Lose(server, one);
        Begin(one, out _);
        Begin(other, out _);
    }

    [Fact]
    public void After_sixteen_commits_a_loser_is_free_again()
    {
        using var server = new RunningServer(Patient);
        using var one = server.Connect();
        using var other = server.Connect();
        Lose(server, one);
        for (var i = 0; i < 16; i++)
        {
            Begin(one, out var id);
            Assert.Equal("OK|", one.Ask(XsWireType.TransactionEnd, "F|", id));
        }

        Lose(server, other);
        Begin(other, out _);
        Begin(one, out _);
    }

    [Fact]
    public void A_turn_that_is_not_used_ends()
    {
        using var server = new RunningServer(new() { TurnIdle = TimeSpan.FromMilliseconds(50), TurnMost = Long });
        using var one = server.Connect();
        using var other = server.Connect();
        Lose(server, one);
        Lose(server, other);
        Begin(one, out _);
        var begun = Stopwatch.GetTimestamp();
        Begin(other, out _);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.FromMilliseconds(40), Long);
    }

    [Fact]
    public void A_turn_ends_with_its_client()
    {
        using var server = new RunningServer(Patient);
        using var other = server.Connect();
        using (var one = server.Connect())
        {
            Lose(server, one);
            Lose(server, other);
            Begin(one, out _);
            other.Send(WireClient.Bytes(XsWireType.TransactionStart, "|"));
            Assert.True(other.Waits());
        }

        Assert.Equal(XsWireType.TransactionStart, other.Receive().Type);
    }

    [Fact]
    public void What_follows_a_start_that_waits_is_done_when_its_client_leaves()
    {
        using var server = new RunningServer(Patient);
        using var one = server.Connect();
        using var witness = server.Connect();
        var other = server.Connect();
        Lose(server, one);
        Lose(server, other);
        Begin(one, out _);
        other.Send([.. WireClient.Bytes(XsWireType.TransactionStart, "|"), .. WireClient.Bytes(XsWireType.Write, "/after|1")]);
        Assert.True(other.Waits());
        Assert.Equal("ENOENT|", witness.Ask(XsWireType.Read, "/after|"));
        other.Dispose();
        SpinWait.SpinUntil(() => witness.Ask(XsWireType.Read, "/after|") == "1", Long);
        Assert.Equal("1", witness.Ask(XsWireType.Read, "/after|"));
    }

    [Fact]
    public void A_second_transaction_of_the_same_client_waits_for_nobody()
    {
        using var server = new RunningServer(Patient);
        using var one = server.Connect();
        using var other = server.Connect();
        Lose(server, one);
        Begin(other, out _);
        Lose(server, other); // it has a transaction open, and so is never held
        Begin(one, out _);
        Begin(other, out _);
    }

    private static void Begin(WireClient client, out uint id)
    {
        client.Send(WireClient.Bytes(XsWireType.TransactionStart, "|"));
        var reply = client.Receive();
        Assert.Equal(XsWireType.TransactionStart, reply.Type);
        id = uint.Parse(reply.Text.TrimEnd('|'), null);
    }

    private static void Lose(RunningServer server, WireClient client)
    {
        using var winner = server.Connect();
        Begin(client, out var id);
        Assert.Equal("OK|", client.Ask(XsWireType.Write, "/lost|1", id));
        Assert.Equal("OK|", winner.Ask(XsWireType.Write, "/lost|2"));
        Assert.Equal("EAGAIN|", client.Ask(XsWireType.TransactionEnd, "T|", id));
    }
}
