using XenActors.Abi;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Guests;

/// <summary>What a guest brings upon itself, and only upon itself. Each runs against our daemon and against Debian's.</summary>
internal static class BrokenRingScenarios
{
    public static void Requests_beyond_the_ring_end_the_connection(GuestHost host) => Break(host, guest => guest.ReqProd = guest.ReqCons + 1025);

    public static void Requests_behind_what_was_taken_end_the_connection(GuestHost host) => Break(host, guest => guest.ReqProd = guest.ReqCons - 1);

    public static void A_changed_consumer_ends_the_connection(GuestHost host) => Break(host, guest => guest.ReqCons++);

    public static void Replies_taken_before_they_came_end_the_connection(GuestHost host) => Break(host, guest => guest.RspCons = guest.RspProd + 1, true);

    public static void Replies_given_back_end_the_connection(GuestHost host) => Break(host, guest => guest.RspCons = unchecked(guest.RspProd - 1025), true);

    public static void A_producer_moved_on_ends_the_connection(GuestHost host) => Break(host, guest => guest.RspProd = guest.RspCons + 1025, true);

    public static void A_producer_moved_back_ends_the_connection(GuestHost host) => Break(host, guest => guest.RspProd = guest.RspCons - 1, true);

    public static void A_payload_beyond_the_limit_ends_the_connection(GuestHost host)
    {
        using var guest = host.Guest(5);
        var header = new byte[XsdSockmsg.SizeOf];
        new XsdSockmsg((uint)XsWireType.Read, 1, 0, XenstoreLimits.PayloadMax + 1).WriteTo(header);
        guest.Put([.. header, 1, 2, 3]);
        host.Sync();
        Assert.Equal((16u, 19u, 0u, 0u), guest.Indices);
        Assert.Equal((uint)XenstoreRingError.Proto, guest.Error);
        IsIgnoredUntilReleased(host, guest, XenstoreRingError.Proto);
    }

    public static void Indices_that_nothing_waits_for_are_not_looked_at(GuestHost host)
    {
        using var guest = host.Guest(5);
        guest.RspCons = 5000;
        guest.Kick();
        host.Sync();
        Assert.Equal(0u, guest.Error);
        guest.RspCons = 0;
        Assert.Equal("/local/domain/9|", guest.Ask(XsWireType.GetDomainPath, "9|"));
    }

    public static void Other_guests_notice_nothing(GuestHost host)
    {
        using var good = host.Guest(5);
        using var bad = host.Guest(6);
        good.Ask(XsWireType.Watch, "a|t|");
        good.Receive();
        Assert.Equal("1|", bad.Ask(XsWireType.TransactionStart, "|"));
        Assert.Equal("1|", good.Ask(XsWireType.TransactionStart, "|"));
        Assert.Equal("OK|", good.Ask(XsWireType.Write, "a|1", 1));
        bad.ReqProd += 2000;
        bad.Kick();
        host.Sync();
        Assert.Equal((uint)XenstoreRingError.Ringidx, bad.Error);
        good.Send(XsWireType.TransactionEnd, "T|", 1);
        Assert.Equal("a|t|", good.Receive().Text);
        Assert.Equal("OK|", good.Receive().Text);
        Assert.Equal(0u, good.Error);
        Assert.Equal("T|", host.Tool.Ask(XsWireType.IsDomainIntroduced, "6|"));
    }

    private static void Break(GuestHost host, Action<RingGuest> fault, bool whenAnswered = false)
    {
        using var guest = host.Guest(5);
        Assert.Equal("OK|", guest.Ask(XsWireType.Watch, "x|t|"));
        guest.Receive();
        Assert.Equal("1|", guest.Ask(XsWireType.TransactionStart, "|"));
        var before = guest.Indices;
        fault(guest);
        guest.Kick();
        host.Sync();
        if (whenAnswered)
        {
            Assert.Equal(0u, guest.Error);
            guest.Put(XsWireType.GetDomainPath, "9|");
            host.Sync();
            Assert.Equal(before.ReqCons + 18, guest.ReqCons);
        }

        Assert.Equal((uint)XenstoreRingError.Ringidx, guest.Error);
        IsIgnoredUntilReleased(host, guest, XenstoreRingError.Ringidx);
    }

    // An introduction without a release resets the page, and does not heal.
    private static void IsIgnoredUntilReleased(GuestHost host, RingGuest guest, XenstoreRingError error)
    {
        Assert.Equal("T|", host.Tool.Ask(XsWireType.IsDomainIntroduced, "5|"));
        (guest.ReqProd, guest.RspCons) = (guest.ReqCons, guest.RspProd);
        Ignored();
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
        Assert.Equal((0u, 0u, 0u, 0u), guest.Indices);
        Ignored();
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Release, "5|"));
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
        Assert.Equal("/local/domain/9|", guest.Ask(XsWireType.GetDomainPath, "9|"));
        Assert.Equal((uint)error, guest.Error);

        void Ignored()
        {
            guest.Put(XsWireType.GetDomainPath, "9|");
            Assert.Equal("OK|", host.Tool.Ask(XsWireType.Write, "/local/domain/5/x|1"));
            host.Sync();
            Assert.Equal(guest.RspCons, guest.RspProd);
            Assert.Equal(18u, guest.ReqProd - guest.ReqCons);
        }
    }
}
