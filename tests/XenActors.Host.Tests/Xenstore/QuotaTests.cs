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
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.Write, "last/b|", tx));
        Assert.Equal("TransactionEnd OK|", store.End(tx, conn: guest));
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.Write, "last/b|"));
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
    }
}
