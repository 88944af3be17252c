using XenActors.Abi;

namespace XenActors.Tests.Xenstore;

public sealed class QuotaTests
{
    private readonly Store store = new();
    private readonly int guest;

    public QuotaTests() => guest = store.Guest(5);

    [Fact]
    public void A_guests_directory_holds_425_children_of_four_letters()
    {
        store.Ask(guest, XsWireType.Mkdir, "d|");
        var made = 0;
        while (store.Ask(guest, XsWireType.Mkdir, $"d/n{made}|") == "Mkdir OK|") made++;
        Assert.Equal(425, made);
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.Mkdir, "d/n9999|"));
    }

    [Fact]
    public void A_guests_value_must_leave_its_record_below_2048_bytes()
    {
        Assert.Equal("Write OK|", store.Ask(guest, XsWireType.Write, "v|" + new string('x', 2047 - 32)));
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.Write, "v|" + new string('x', 2048 - 32)));
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.Write, "w|" + new string('x', 2048 - 32)));
        store.Write("/big", new string('x', 4000));
    }

    [Fact]
    public void A_guest_has_129_watches()
    {
        for (var i = 0; i < 129; i++) Assert.StartsWith("Watch OK|", store.Ask(guest, XsWireType.Watch, $"w{i}|t|"));
        Assert.Equal("Error E2BIG|", store.Ask(guest, XsWireType.Watch, "w|t|"));
        for (var i = 0; i < 200; i++) Assert.StartsWith("Watch OK|", store.Ask(store.Dom0, XsWireType.Watch, $"w{i}|t|"));
    }

    [Fact]
    public void A_guest_has_11_transactions()
    {
        for (var i = 0; i < 11; i++) store.Start(guest);
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.TransactionStart, "|"));
    }

    [Fact]
    public void A_guest_owns_1000_nodes_inside_transactions_and_out()
    {
        for (var i = 0; i < 9; i++)
        {
            for (var j = 0; j < 99; j++) Assert.Equal("Write OK|", store.Ask(guest, XsWireType.Write, $"d{i}/{j}|"));
        }

        for (var j = 0; j < 98; j++) Assert.Equal("Write OK|", store.Ask(guest, XsWireType.Write, $"last/{j}|"));
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.Write, "last/98|"));
        store.Ask(guest, XsWireType.Rm, "last/0|");
        var tx = store.Start(guest);
        Assert.Equal("Write OK|", store.Ask(guest, XsWireType.Write, "last/a|", tx));
        Assert.Equal("Write OK|", store.Ask(guest, XsWireType.Write, "last/b|", tx)); // counted at the end
        Assert.Equal("Error ENOSPC|", store.End(tx, conn: guest));
        tx = store.Start(guest);
        Assert.Equal("Write OK|", store.Ask(guest, XsWireType.Write, "last/a|", tx));
        Assert.Equal("Error ENOSPC|", store.End(tx, conn: guest)); // one fewer than outside
        Assert.Equal("Write OK|", store.Ask(guest, XsWireType.Write, "last/b|"));
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.Write, "last/c|"));
    }

    [Fact]
    public void A_guests_transaction_touches_1024_nodes()
    {
        var tx = store.Start(guest);
        var reply = "";
        var read = 0;
        while ((reply = store.Read($"n{read}", tx, guest)) == "Error ENOENT|") read++;
        Assert.Equal("Error ENOSPC|", reply);
        Assert.Equal(1023, read); // and the home that was asked each time
        Assert.Equal("Error ENOMEM|", store.End(tx, conn: guest)); // it failed half-way
    }

    [Fact]
    public void A_transaction_in_which_a_write_did_not_fit_cannot_be_committed()
    {
        var tx = store.Start(guest);
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.Write, "v|" + new string('x', 2048), tx));
        Assert.Equal("Error ENOENT|", store.Read("v", tx, guest));
        Assert.Equal("Write OK|", store.Ask(guest, XsWireType.Write, "w|", tx));
        Assert.Equal("Error ENOMEM|", store.End(tx, conn: guest));
        Assert.Equal("Error ENOENT|", store.Read("w", conn: guest));
    }

    [Fact]
    public void A_directory_that_the_tools_made_too_large_can_still_lose_children()
    {
        store.Write("/local/domain/5/child", "");
        store.Write("/local/domain/5", new string('x', 3000));
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.Mkdir, "other|"));
        store.Ok(XsWireType.SetPerms, "/local/domain/5/child|n5|");
        Assert.Equal("Rm OK|", store.Ask(guest, XsWireType.Rm, "child|"));
    }
}
