using XenActors.Abi;

namespace XenActors.Tests.Xenstore;

public sealed class TransactionTests
{
    private readonly Store store = new();

    [Fact]
    public void Ids_count_from_1_on_every_connection()
    {
        Assert.Equal(1u, store.Start());
        Assert.Equal(2u, store.Start());
        Assert.Equal(1u, store.Start(store.Core.Connect(0)));
    }

    [Fact]
    public void Nothing_is_seen_outside_before_the_commit_and_nothing_after_an_abort()
    {
        var tx = store.Start();
        store.Write("/a/b", "1", tx);
        Assert.Equal("Read 1", store.Read("/a/b", tx));
        Assert.Equal("Directory b|", store.Ask(store.Dom0, XsWireType.Directory, "/a|", tx));
        Assert.Equal("Error ENOENT|", store.Read("/a"));
        Assert.Equal("TransactionEnd OK|", store.End(tx));
        Assert.Equal("Read 1", store.Read("/a/b"));
        tx = store.Start();
        store.Write("/a/b", "2", tx);
        Assert.Equal("TransactionEnd OK|", store.End(tx, "F"));
        Assert.Equal("Read 1", store.Read("/a/b"));
    }

    [Fact]
    public void Nested_unknown_and_malformed_ones_fail_by_name()
    {
        var tx = store.Start();
        Assert.Equal("Error EBUSY|", store.Ask(store.Dom0, XsWireType.TransactionStart, "|", tx));
        Assert.Equal("Error ENOENT|", store.Read("/tool", tx: 77));
        Assert.Equal("Error ENOENT|", store.End(77));
        Assert.Equal("Error ENOENT|", store.End(0));
        Assert.Equal("Error EINVAL|", store.End(tx, "X"));
        Assert.Equal("TransactionEnd OK|", store.End(tx));
        Assert.Equal("Error ENOENT|", store.End(tx));
    }

    [Fact]
    public void A_node_read_and_changed_meanwhile_fails_the_commit_even_of_a_reader()
    {
        store.Write("/a", "1");
        var tx = store.Start();
        Assert.Equal("Read 1", store.Read("/a", tx));
        store.Write("/a", "2");
        Assert.Equal("Read 1", store.Read("/a", tx));
        Assert.Equal("Error EAGAIN|", store.End(tx));
        Assert.Equal("Read 2", store.Read("/a"));
    }

    [Fact]
    public void The_first_access_sees_the_live_value()
    {
        store.Write("/a", "1");
        var tx = store.Start();
        store.Write("/a", "2");
        Assert.Equal("Read 2", store.Read("/a", tx));
        Assert.Equal("TransactionEnd OK|", store.End(tx));
    }

    [Fact]
    public void Siblings_made_under_one_parent_conflict_and_a_childs_value_does_not()
    {
        store.Write("/d/x", "1");
        var (first, second) = (store.Start(), store.Start());
        store.Write("/d/a", "", first);
        store.Write("/d/b", "", second);
        Assert.Equal("TransactionEnd OK|", store.End(first));
        Assert.Equal("Error EAGAIN|", store.End(second));
        var tx = store.Start();
        store.Read("/d", tx);
        store.Write("/d/x", "2");
        Assert.Equal("TransactionEnd OK|", store.End(tx));
    }

    [Fact]
    public void Having_looked_for_a_missing_node_conflicts_with_its_creation()
    {
        store.Write("/d", "");
        var tx = store.Start();
        Assert.Equal("Error ENOENT|", store.Read("/d/x", tx));
        store.Write("/d/x", "");
        Assert.Equal("Error ENOENT|", store.Read("/d/x", tx));
        Assert.Equal("Error EAGAIN|", store.End(tx));
    }

    [Fact]
    public void A_directory_listed_once_stays_as_it_was()
    {
        store.Write("/d/a", "");
        var tx = store.Start();
        Assert.Equal("Directory a|", store.Ask(store.Dom0, XsWireType.Directory, "/d|", tx));
        store.Write("/d/b", "");
        store.Ok(XsWireType.Rm, "/d/a|");
        Assert.Equal("Directory a|", store.Ask(store.Dom0, XsWireType.Directory, "/d|", tx));
        store.Ok(XsWireType.Rm, "/d|");
        Assert.Equal("Directory a|", store.Ask(store.Dom0, XsWireType.Directory, "/d|", tx));
        Assert.Equal("Error EAGAIN|", store.End(tx));
    }

    [Fact]
    public void What_changed_under_a_transaction_cannot_be_removed_in_it()
    {
        store.Write("/d/a/x", "");
        store.Write("/d/b", "");
        var (first, second) = (store.Start(), store.Start());
        store.Ask(store.Dom0, XsWireType.Directory, "/d|", first);
        store.Ask(store.Dom0, XsWireType.Directory, "/d|", second);
        store.Ok(XsWireType.Rm, "/d/b|");
        store.Write("/d/c", "");
        Assert.Equal("Error EIO|", store.Ask(store.Dom0, XsWireType.Rm, "/d|", first)); // it lists b
        Assert.Equal("Directory b|", store.Ask(store.Dom0, XsWireType.Directory, "/d|", first)); // a went before
        Assert.Equal("Error EIO|", store.Ask(store.Dom0, XsWireType.Rm, "/d/c|", second)); // it does not list c
        Assert.Equal("Error ENOENT|", store.Read("/d/c", second));
        Assert.Equal("Error EAGAIN|", store.End(first));
        Assert.Equal("Error EAGAIN|", store.End(second));
        Assert.Equal("Read ", store.Read("/d/a/x"));
    }

    [Fact]
    public void A_subtree_removed_and_made_again_stands_last_and_keeps_nothing()
    {
        store.Write("/d/a/old", "1");
        store.Write("/d/b", "1");
        var tx = store.Start();
        store.Ok(XsWireType.Rm, "/d/a|", tx);
        store.Write("/d/a/new", "2", tx);
        Assert.Equal("Directory b|a|", store.Ask(store.Dom0, XsWireType.Directory, "/d|", tx));
        Assert.Equal("TransactionEnd OK|", store.End(tx));
        Assert.Equal("Directory b|a|", store.Ask(store.Dom0, XsWireType.Directory, "/d|"));
        Assert.Equal("Directory new|", store.Ask(store.Dom0, XsWireType.Directory, "/d/a|"));
        Assert.Equal("Error ENOENT|", store.Read("/d/a/old"));
        Assert.Equal(7, store.Core.NodeCount);
    }

    [Fact]
    public void A_directory_removed_and_made_again_lists_its_new_children_in_their_new_order()
    {
        store.Write("/d/a", "");
        store.Write("/d/b", "");
        var tx = store.Start();
        store.Ok(XsWireType.Rm, "/d|", tx);
        store.Write("/d/b", "", tx);
        store.Write("/d/a", "", tx);
        Assert.Equal("TransactionEnd OK|", store.End(tx));
        Assert.Equal("Directory b|a|", store.Ask(store.Dom0, XsWireType.Directory, "/d|"));
    }

    [Fact]
    public void A_closed_connections_transactions_have_no_effect()
    {
        var conn = store.Core.Connect(0);
        var tx = store.Start(conn);
        store.Ask(conn, XsWireType.Write, "/a|1", tx);
        store.Core.Disconnect(conn);
        Assert.Equal("Error ENOENT|", store.Read("/a"));
    }
}
