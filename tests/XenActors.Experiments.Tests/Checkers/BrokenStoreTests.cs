using System.Text;
using XenActors.Abi;
using XenActors.Experiments.Checkers.Store;
using XenActors.Experiments.Checkers.Xenbus;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Tests.Experiments.Checkers;

public sealed class BrokenStoreTests(BootedMachine booted) : IClassFixture<BootedMachine>
{
    private readonly StoreLinearizable _checker = booted.Attach(new StoreLinearizable());
    private long _time;

    private Observed At => new(new VirtualTime(++_time), booted.Machine.Xenstored, ActorRef.None);

    [Fact]
    public void A_store_that_answers_as_one_tree_is_right()
    {
        Ask(1, 0, XsWireType.Watch, "/a\0t\0", "OK\0", events: [(1, "/a", "t")]);
        Ask(2, 0, XsWireType.Write, "/a/b\0one", "OK\0", events: [(1, "/a/b", "t")]);
        Ask(1, 0, XsWireType.Read, "/a/b\0", "one");
        Ask(1, 0, XsWireType.Directory, "/a\0", "b\0");
        Ask(1, 0, XsWireType.Rm, "/a\0", "OK\0", events: [(1, "/a", "t")]);
        Fails(1, 0, XsWireType.Read, "/a/b\0", "ENOENT");
        Holds();
    }

    [Fact]
    public void A_wrong_reply_is_found()
    {
        Ask(1, 0, XsWireType.Write, "/a\0one", "OK\0");
        Ask(2, 0, XsWireType.Read, "/a\0", "two");
        Found("was answered 'two', but one request after the other gives 'one'");
    }

    [Fact]
    public void A_watch_that_does_not_fire_is_found()
    {
        Ask(1, 0, XsWireType.Watch, "/a\0t\0", "OK\0", events: [(1, "/a", "t")]);
        Ask(2, 0, XsWireType.Write, "/a/b\0one", "OK\0");
        Found("client 1 was not told of /a/b");
    }

    [Fact]
    public void An_event_without_a_change_is_found()
    {
        Ask(1, 0, XsWireType.Watch, "/a\0t\0", "OK\0", events: [(1, "/a", "t")]);
        Ask(2, 0, XsWireType.Write, "/b\0one", "OK\0", events: [(1, "/a", "t")]);
        Found("client 1 was told of /a");
    }

    [Fact]
    public void An_event_for_one_who_may_not_read_is_found()
    {
        // XSA-115: watches told guests of nodes that they could not read.
        Ask(9, 5, XsWireType.Watch, "/secret\0t\0", "OK\0", events: [(9, "/secret", "t")]);
        Ask(1, 0, XsWireType.Write, "/secret\0one", "OK\0", events: [(9, "/secret", "t")]);
        Found("client 9 was told of /secret");
    }

    [Fact]
    public void A_guest_that_reads_what_it_may_not_is_found()
    {
        Ask(1, 0, XsWireType.Write, "/secret\0one", "OK\0");
        Ask(9, 5, XsWireType.Read, "/secret\0", "one");
        Found("gives EACCES");
    }

    [Fact]
    public void A_transaction_whose_answers_have_a_place_in_the_order_is_right_and_tells_at_its_commit()
    {
        Ask(1, 0, XsWireType.Watch, "/a\0t\0", "OK\0", events: [(1, "/a", "t")]);
        Ask(1, 0, XsWireType.TransactionStart, "\0", "7\0");
        Fails(1, 0, XsWireType.Read, "/a\0", "ENOENT", transaction: 7);
        Ask(1, 0, XsWireType.Write, "/a\0one", "OK\0", transaction: 7);
        Ask(1, 0, XsWireType.TransactionEnd, "T\0", "OK\0", [(1, "/a", "t")], transaction: 7);
        Ask(1, 0, XsWireType.Read, "/a\0", "one");
        Holds();
    }

    [Fact]
    public void A_commit_over_what_has_changed_meanwhile_is_found()
    {
        Ask(1, 0, XsWireType.Write, "/a\0one", "OK\0");
        Ask(1, 0, XsWireType.TransactionStart, "\0", "7\0");
        Ask(1, 0, XsWireType.Read, "/a\0", "one", transaction: 7);
        Ask(2, 0, XsWireType.Write, "/a\0two", "OK\0");
        Ask(1, 0, XsWireType.TransactionEnd, "T\0", "OK\0", transaction: 7);
        Found("committed: Read /a was answered 'one'");
    }

    [Fact]
    public void A_conflict_without_a_reason_is_found_and_one_with_a_reason_is_right()
    {
        Ask(1, 0, XsWireType.Write, "/a\0one", "OK\0");
        Ask(1, 0, XsWireType.TransactionStart, "\0", "7\0");
        Ask(1, 0, XsWireType.Read, "/a\0", "one", transaction: 7);
        Ask(2, 0, XsWireType.Write, "/a\0two", "OK\0");
        Fails(1, 0, XsWireType.TransactionEnd, "T\0", "EAGAIN", transaction: 7);
        Holds();
        Ask(1, 0, XsWireType.TransactionStart, "\0", "8\0");
        Ask(1, 0, XsWireType.Read, "/a\0", "two", transaction: 8);
        Fails(1, 0, XsWireType.TransactionEnd, "T\0", "EAGAIN", transaction: 8);
        Found("nothing that its transaction touched had changed");
    }

    [Fact]
    public void A_guest_with_more_nodes_than_its_quota_is_found()
    {
        Ask(1, 0, XsWireType.Mkdir, "/local/domain/5\0", "OK\0");
        Ask(1, 0, XsWireType.SetPerms, "/local/domain/5\0n5\0", "OK\0");
        for (var i = 0; i < 1000; i++)
        {
            Ask(9, 5, XsWireType.Write, $"n{i}\0", "OK\0");
        }

        Found("dom5 has made itself 1001 nodes");
    }

    [Fact]
    public void A_reply_that_the_daemon_did_not_send_is_found()
    {
        var client = new ActorRef(1, 40);
        _checker.On(At, new StoreAsked(1, client, 0, false, XsWireType.Read, 3, 0, "/tool\0"u8.ToArray()));
        _checker.On(At, new StoreTold(1, XsWireType.Read, 3, 0, ""u8.ToArray()));
        _checker.On(new(new VirtualTime(50), client, booted.Machine.Xenstored), new XsReply(XsWireType.Read, 3, 0, "forged"u8.ToArray()));
        Assert.Contains("that was not sent so", Assert.Single(_checker.Violations).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4", "2", "side by side")]
    [InlineData("2", "1", "side by side")]
    [InlineData("9", "1", "no state")]
    public void A_pair_of_states_that_no_handshake_reaches_is_found(string front, string back, string text)
    {
        var checker = booted.Attach(new DeviceStates());
        State(checker, "/local/domain/0/backend/vbd/3/51712/state", back);
        State(checker, "/local/domain/3/device/vbd/51712/state", front);
        Assert.NotEmpty(checker.Violations);
        Assert.Contains(checker.Violations, v => v.Text.Contains(text, StringComparison.Ordinal) || text == "no state");
    }

    [Fact]
    public void A_step_that_skips_the_handshake_is_found()
    {
        var checker = booted.Attach(new DeviceStates());
        State(checker, "/local/domain/0/backend/vbd/3/51712/state", "1");
        State(checker, "/local/domain/0/backend/vbd/3/51712/state", "4");
        Assert.Contains("went from 1 (Initialising) to 4 (Connected)", Assert.Single(checker.Violations).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Netfront_may_be_connected_before_its_backend_is()
    {
        var checker = booted.Attach(new DeviceStates());
        State(checker, "/local/domain/0/backend/vif/3/0/state", "2");
        State(checker, "/local/domain/3/device/vif/0/state", "1");
        State(checker, "/local/domain/3/device/vif/0/state", "4");
        Assert.Empty(checker.Violations);
    }

    private void State(DeviceStates checker, string path, string value) => checker.On(At, new StoreChanged(path, true, Encoding.Latin1.GetBytes(value)));

    private void Ask(
        int connection, ushort domain, XsWireType type, string payload, string reply, (int Connection, string Path, string Token)[]? events = null, uint transaction = 0)
    {
        _checker.On(At, new StoreAsked(connection, new(1, 100 + connection), domain, true, type, 1, transaction, Encoding.Latin1.GetBytes(payload)));
        foreach (var (to, path, token) in events ?? [])
        {
            _checker.On(At, new StoreFired(to, path, token, false));
        }

        _checker.On(At, new StoreTold(connection, type, 1, transaction, Encoding.Latin1.GetBytes(reply)));
    }

    private void Fails(int connection, ushort domain, XsWireType type, string payload, string error, uint transaction = 0)
    {
        _checker.On(At, new StoreAsked(connection, new(1, 100 + connection), domain, true, type, 1, transaction, Encoding.Latin1.GetBytes(payload)));
        _checker.On(At, new StoreTold(connection, XsWireType.Error, 1, transaction, Encoding.Latin1.GetBytes(error + "\0")));
    }

    private void Holds()
    {
        _checker.AtEnd(new(booted.Machine));
        Assert.Empty(_checker.Violations);
    }

    private void Found(string text)
    {
        _checker.AtEnd(new(booted.Machine));
        Assert.Contains(text, Assert.Single(_checker.Violations).Text, StringComparison.Ordinal);
    }
}
