using System.Text;
using XenActors.Abi;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Guests;

/// <summary>What a guest or a tool sees of rings that are used well. Each runs against our daemon and against Debian's.</summary>
internal static class GuestScenarios
{
    public static void A_guest_talks_through_its_ring(GuestHost host)
    {
        using var guest = host.Guest(5);
        Assert.Equal("OK|", guest.Ask(XsWireType.Watch, "x|token|"));
        Assert.Equal(new(XsWireType.WatchEvent, 0, 0, "x|token|"), guest.Receive());
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Write, "/local/domain/5/x|hello"));
        Assert.Equal(new(XsWireType.WatchEvent, 0, 0, "x|token|"), guest.Receive());
        guest.Send(XsWireType.Read, "x|");
        Assert.Equal(new(XsWireType.Read, 2, 0, "hello"), guest.Receive());
        Assert.Equal("EACCES|", guest.Ask(XsWireType.Read, "/tool|"));
        Assert.Equal("1|", guest.Ask(XsWireType.TransactionStart, "|"));
        Assert.Equal("OK|", guest.Ask(XsWireType.Write, "/local/domain/5/y|1", 1));
        Assert.Equal("ENOENT|", host.Tool.Ask(XsWireType.Read, "/local/domain/5/y|"));
        Assert.Equal("OK|", guest.Ask(XsWireType.TransactionEnd, "T|", 1));
        Assert.Equal("1", host.Tool.Ask(XsWireType.Read, "/local/domain/5/y|"));
        Assert.Equal((guest.ReqCons, guest.RspCons), (guest.ReqProd, guest.RspProd));
        Assert.Equal((0u, 0u, 0u), (guest.Features, guest.Connection, guest.Error));
    }

    public static void A_request_may_come_byte_by_byte(GuestHost host)
    {
        using var guest = host.Guest(5);
        foreach (var b in WireClient.Bytes(XsWireType.Write, "x|value", 9))
        {
            guest.Put([b]);
            host.Sync();
            Assert.Equal(guest.ReqProd, guest.ReqCons);
        }

        Assert.Equal(new(XsWireType.Write, 9, 0, "OK|"), guest.Receive());
        Assert.Equal("value", host.Tool.Ask(XsWireType.Read, "/local/domain/5/x|"));
    }

    public static void A_message_may_be_longer_than_the_ring(GuestHost host)
    {
        using var guest = host.Guest(5);
        var longest = new string('v', XenstoreLimits.PayloadMax);
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Write, "/big|" + longest[5..]));
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.SetPerms, "/big|r0|"));
        Assert.Equal(longest[5..], guest.Ask(XsWireType.Read, "/big|"));
        Assert.Equal("ENOSPC|", guest.Ask(XsWireType.Write, "x|" + longest[2..]));
        Assert.Equal("OK|", guest.Ask(XsWireType.Write, "x|" + longest[..1900]));
        Assert.Equal(longest[..1900], host.Tool.Ask(XsWireType.Read, "/local/domain/5/x|"));
    }

    public static void A_reply_goes_on_when_the_guest_takes_its_beginning(GuestHost host)
    {
        using var guest = host.Guest(5);
        host.Tool.Ask(XsWireType.Write, "/big|" + new string('v', 2000));
        host.Tool.Ask(XsWireType.SetPerms, "/big|r0|");
        guest.Put(XsWireType.Read, "/big|");
        host.Sync();
        Assert.Equal((21u, 21u, 0u, 1024u), guest.Indices);
        guest.RspCons = 10;
        guest.Kick();
        host.Sync();
        Assert.Equal((21u, 21u, 10u, 1034u), guest.Indices);
        guest.RspCons = 1034;
        guest.Kick();
        host.Sync();
        Assert.Equal((21u, 21u, 1034u, 2016u), guest.Indices);
    }

    public static void Both_rings_wrap_and_so_do_their_indices(GuestHost host)
    {
        using var guest = host.Guest(5);
        guest.Indices = (uint.MaxValue - 700, uint.MaxValue - 700, uint.MaxValue - 7, uint.MaxValue - 7);
        for (var i = 0; i < 300; i++)
        {
            var value = new string((char)('a' + (i % 26)), i % 97);
            Assert.Equal("OK|", guest.Ask(XsWireType.Write, "x|" + value));
            Assert.Equal(value, guest.Ask(XsWireType.Read, "x|"));
        }

        Assert.InRange(guest.ReqProd, 1024u, 1u << 20);
        Assert.Equal(0u, guest.Error);
    }

    public static void Many_requests_at_once_are_answered_in_order(GuestHost host)
    {
        using var guest = host.Guest(5);
        for (var i = 0; i < 500; i++) guest.Send(XsWireType.Write, $"n{i % 7}|{i}");
        for (var i = 0; i < 500; i++) Assert.Equal(new(XsWireType.Write, (uint)i + 1, 0, "OK|"), guest.Receive());
        Assert.Equal("499", guest.Ask(XsWireType.Read, $"n{499 % 7}|"));
    }

    // The daemon's quota: 20 requests without an answer in the ring.
    public static void A_guest_that_takes_no_replies_is_heard_no_further(GuestHost host)
    {
        using var guest = host.Guest(5);
        host.Tool.Ask(XsWireType.Write, "/c|" + new string('c', 1008)); // a reply fills the ring
        host.Tool.Ask(XsWireType.SetPerms, "/c|r0|");
        var request = WireClient.Bytes(XsWireType.Read, "/c|");
        guest.Put([.. Enumerable.Repeat(request, 50).SelectMany(r => r)]);
        host.Sync();
        Assert.Equal(21 * request.Length, (int)guest.ReqCons);
        guest.RspCons += 1024;
        guest.Kick();
        host.Sync();
        Assert.Equal(22 * request.Length, (int)guest.ReqCons);
        for (var i = 1; i < 50; i++) Assert.Equal(1008, guest.Receive().Text.Length);
        Assert.Equal(guest.ReqProd, guest.ReqCons);
    }

    // The daemon keeps up to 2.5 MiB for a domain; what it would tell it beyond that is lost, and nothing else.
    public static void A_guest_that_takes_no_events_is_told_of_so_many(GuestHost host)
    {
        using var guest = host.Guest(5);
        host.Tool.Ask(XsWireType.Mkdir, "/w|");
        host.Tool.Ask(XsWireType.SetPerms, "/w|b0|");
        Assert.Equal("OK|", guest.Ask(XsWireType.Watch, "/w|t|"));
        guest.Receive();
        var name = new string('x', 1000);
        for (var i = 0; i < 2800; i++) Assert.Equal("OK|", host.Tool.Ask(XsWireType.Write, $"/w/{i}{name}|"));
        guest.Send(XsWireType.GetDomainPath, "7|");
        for (var i = 0; i < 2557; i++) Assert.Equal($"/w/{i}{name}|t|", guest.Receive().Text);
        Assert.Equal("/local/domain/7|", guest.Receive().Text);
    }

    public static void An_event_that_waits_is_not_told_twice_even_when_its_beginning_has_gone(GuestHost host)
    {
        using var guest = host.Guest(5);
        host.Tool.Ask(XsWireType.Mkdir, "/w|");
        host.Tool.Ask(XsWireType.SetPerms, "/w|b0|");
        guest.Ask(XsWireType.Watch, "/w|t|");
        guest.Receive();
        const int Room = 20; // the next event's header and four bytes
        var filler = "/w/" + new string('f', 1024 - Room - XsdSockmsg.SizeOf - "/w/|t|".Length);
        foreach (var path in (string[])[filler, "/w/a", "/w/a", "/w/b", "/w/a", "/w/b"])
        {
            host.Tool.Ask(XsWireType.Write, path + "|");
            host.Sync();
        }

        Assert.Equal(1024u, guest.RspProd - guest.RspCons);
        foreach (var path in (string[])[filler, "/w/a", "/w/b"]) Assert.Equal(path + "|t|", guest.Receive().Text);
        host.Sync();
        Assert.Equal(guest.RspProd, guest.RspCons);
    }

    public static void Dom0_has_a_ring_of_its_own(GuestHost host)
    {
        using var kernel = new RingGuest(host, 0);
        kernel.Put(XsWireType.IsDomainIntroduced, "5|", 3);
        host.Sync();
        Assert.Equal(new(XsWireType.IsDomainIntroduced, 3, 0, "F|"), kernel.TryReceive());
        kernel.Put(XsWireType.Watch, "/q|t|", 4);
        host.Sync();
        Assert.Equal("OK|", kernel.TryReceive()?.Text);
        Assert.Equal("/q|t|", kernel.TryReceive()?.Text);
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "0|1|1|"));
        Assert.Equal((0u, 0u, 0u, 0u), kernel.Indices);
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Write, "/q|"));
        host.Sync();
        Assert.Null(kernel.TryReceive());
        kernel.Put(XsWireType.Read, "/tool|", 5);
        host.Sync();
        Assert.Equal(new(XsWireType.Read, 5, 0, ""), kernel.TryReceive());
    }
}
