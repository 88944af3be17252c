using XenActors.Abi;

namespace XenActors.Tests.Xenstore;

public sealed class WatchTests
{
    private readonly Store store = new();

    private int Watcher(string path, string token = "t", int? conn = null)
    {
        var watcher = conn ?? store.Core.Connect(0);
        Assert.StartsWith("Watch OK|; event ", store.Ask(watcher, XsWireType.Watch, $"{path}|{token}|"));
        store.Seen(watcher);
        return watcher;
    }

    [Fact]
    public void The_reply_comes_first_and_then_the_first_event() =>
        Assert.Equal("Watch OK|; event /nowhere t", store.Ask(store.Dom0, XsWireType.Watch, "/nowhere|t|"));

    [Fact]
    public void Changes_at_and_below_the_path_are_told_and_others_are_not()
    {
        var watcher = Watcher("/a");
        store.Write("/a", "1");
        store.Write("/a/b/c", "1");
        store.Write("/ab", "1");
        store.Ok(XsWireType.SetPerms, "/a/b|n0|");
        store.Ok(XsWireType.Mkdir, "/a/m|");
        store.Ok(XsWireType.Mkdir, "/a/m|");
        Assert.Equal("event /a t; event /a/b/c t; event /a/b t; event /a/m t", store.Seen(watcher));
    }

    [Fact]
    public void Ones_own_event_comes_before_ones_own_reply()
    {
        Watcher("/a", conn: store.Dom0);
        Assert.Equal("event /a t; Write OK|", store.Ask(store.Dom0, XsWireType.Write, "/a|1"));
        var tx = store.Start();
        Assert.Equal("Write OK|", store.Ask(store.Dom0, XsWireType.Write, "/a|2", tx));
        Assert.Equal("event /a t; TransactionEnd OK|", store.End(tx));
    }

    [Fact]
    public void Removing_a_subtree_tells_those_above_once_and_existing_watched_descendants_exactly()
    {
        store.Write("/a/b/c", "");
        store.Write("/a/b/d", "");
        var (above, exact, missing) = (Watcher("/a"), Watcher("/a/b/c"), Watcher("/a/b/c/none"));
        store.Ok(XsWireType.Rm, "/a/b|");
        Assert.Equal("event /a/b t", store.Seen(above));
        Assert.Equal("event /a/b/c t", store.Seen(exact));
        Assert.Equal("", store.Seen(missing));
    }

    [Fact]
    public void A_commit_tells_one_event_per_node_and_none_for_what_it_made_and_removed()
    {
        var watcher = Watcher("/a");
        var tx = store.Start();
        store.Write("/a/x", "1", tx);
        store.Write("/a/x", "2", tx);
        store.Write("/a/gone", "1", tx);
        store.Ok(XsWireType.Rm, "/a/gone|", tx);
        Assert.Equal("", store.Seen(watcher));
        store.End(tx);
        Assert.Equal("event /a/x t", store.Seen(watcher));
    }

    [Fact]
    public void A_node_written_and_then_removed_with_its_parent_is_still_told_above()
    {
        store.Write("/a/b/c", "");
        var watcher = Watcher("/a");
        var tx = store.Start();
        store.Write("/a/b/c", "1", tx);
        store.Ok(XsWireType.Rm, "/a/b|", tx);
        store.End(tx);
        Assert.Equal("event /a/b/c t; event /a/b t", store.Seen(watcher));
    }

    [Fact]
    public void An_aborted_or_failed_transaction_tells_nothing()
    {
        store.Write("/a", "");
        var watcher = Watcher("/a");
        var tx = store.Start();
        store.Write("/a", "1", tx);
        store.End(tx, "F");
        tx = store.Start();
        store.Write("/a/x", "1", tx);
        store.Write("/a", "outside");
        Assert.Equal("event /a t", store.Seen(watcher));
        Assert.Equal("Error EAGAIN|", store.End(tx));
        Assert.Equal("", store.Seen(watcher));
    }

    [Fact]
    public void Relative_watches_are_told_relative_paths()
    {
        var guest = store.Guest(5);
        Watcher("device", conn: guest);
        store.Write("/local/domain/5/device/vbd", "");
        Assert.Equal("event device/vbd t", store.Seen(guest));
    }

    [Fact]
    public void Two_watches_with_one_token_tell_an_event_once()
    {
        var watcher = Watcher("/a", "t");
        Watcher("/a/b", "t", watcher);
        Watcher("/a/b", "u", watcher);
        store.Write("/a/b", "");
        Assert.Equal("event /a/b t; event /a/b u", store.Seen(watcher));
    }

    [Fact]
    public void An_identical_event_that_still_waits_is_not_told_again()
    {
        var watcher = Watcher("/a");
        store.Output.Pending.Add($"{watcher} /a t");
        for (var i = 0; i < 1000; i++) store.Write("/a", "");
        Assert.Equal("", store.Seen(watcher));
        store.Output.Pending.Clear();
        store.Write("/a", "");
        Assert.Equal("event /a t", store.Seen(watcher));
    }

    [Fact]
    public void Events_go_round_by_the_age_of_connections_and_watches()
    {
        var (first, second) = (store.Core.Connect(0), store.Core.Connect(0));
        Watcher("/", "s", second);
        Watcher("/a/b", "f2", first);
        Watcher("/a", "f1", first);
        store.Output.Lines.Clear();
        store.Write("/a/b", "");
        Assert.Equal(
            new[] { (first, "event /a/b f2"), (first, "event /a/b f1"), (second, "event /a/b s"), (store.Dom0, "Write OK|") }, store.Output.Lines);
    }

    [Fact]
    public void A_guest_is_told_nothing_of_nodes_that_it_may_not_read()
    {
        var guest = store.Guest(5);
        store.Write("/s/x", "");
        Watcher("/s", conn: guest);
        store.Write("/s/x", "1");
        Assert.Equal("", store.Seen(guest));
        store.Ok(XsWireType.SetPerms, "/s/x|n0|r5|");
        Assert.Equal("event /s/x t", store.Seen(guest));
        store.Ok(XsWireType.SetPerms, "/s/x|n0|");
        Assert.Equal("event /s/x t", store.Seen(guest)); // it could read it before
        store.Ok(XsWireType.Rm, "/s/x|");
        Assert.Equal("", store.Seen(guest));
    }

    [Fact]
    public void Watching_twice_or_unwatching_the_unknown_fails_by_name()
    {
        var watcher = Watcher("/a");
        Assert.Equal("Error EEXIST|", store.Ask(watcher, XsWireType.Watch, "/a|t|"));
        Assert.Equal("Error ENOENT|", store.Ask(watcher, XsWireType.Unwatch, "/a|u|"));
        Assert.Equal("Error EINVAL|", store.Ask(watcher, XsWireType.Watch, "/a|"));
        Assert.Equal("Error EINVAL|", store.Ask(watcher, XsWireType.Watch, "a/|t|"));
        Assert.Equal("Unwatch OK|", store.Ask(watcher, XsWireType.Unwatch, "/a|t|"));
        store.Seen(watcher);
        store.Write("/a", "");
        Assert.Equal("", store.Seen(watcher));
    }

    [Fact]
    public void Resetting_drops_all_of_a_connections_watches_and_transactions_and_no_others()
    {
        var (one, other) = (Watcher("/a"), Watcher("/a"));
        var (lost, kept) = (store.Start(one), store.Start(other));
        Assert.Equal("ResetWatches OK|", store.Ask(one, XsWireType.ResetWatches, "|"));
        Assert.Equal("Error ENOENT|", store.End(lost, conn: one));
        Assert.Equal("TransactionEnd OK|", store.End(kept, conn: other));
        store.Seen(other);
        store.Seen(one);
        store.Write("/a", "");
        Assert.Equal("", store.Seen(one));
        Assert.Equal("event /a t", store.Seen(other));
    }

    [Fact]
    public void Reset_watches_in_an_unknown_transaction_is_refused_and_resets_nothing()
    {
        var one = Watcher("/a");
        Assert.Equal("Error ENOENT|", store.Ask(one, XsWireType.ResetWatches, "|", 9));
        store.Seen(one);
        store.Write("/a", "");
        Assert.Equal("event /a t", store.Seen(one));
    }

    [Fact]
    public void Events_over_4096_bytes_are_dropped()
    {
        var watcher = Watcher("/a", new string('k', 4000));
        store.Write("/a/" + new string('b', 200), "");
        Assert.Equal("", store.Seen(watcher));
    }

    [Fact]
    public void Special_names_can_all_be_watched_and_the_root_does_not_hear_them()
    {
        var (special, everything, other) = (Watcher("@introduceDomain"), Watcher("/"), Watcher("@anything"));
        var guest = store.Guest(4);
        store.Seen(special);
        store.Seen(everything);
        Watcher("@introduceDomain", conn: guest);
        store.Ok(XsWireType.Introduce, "5|1|1|");
        Assert.Equal("event @introduceDomain t", store.Seen(special));
        Assert.Equal("", store.Seen(everything) + store.Seen(other) + store.Seen(guest));
        store.Ok(XsWireType.SetPerms, "@introduceDomain|n0|r4|");
        store.Ok(XsWireType.Introduce, "6|1|1|");
        Assert.Equal("event @introduceDomain t", store.Seen(guest));
    }
}
