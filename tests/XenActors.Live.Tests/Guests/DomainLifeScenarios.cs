using XenActors.Abi;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Guests;

/// <summary>Introductions, deaths, and what tools see of them. Each runs against our daemon and against Debian's.</summary>
internal static class DomainLifeScenarios
{
    public static void An_introduction_begins_the_rings_anew(GuestHost host)
    {
        using var guest = host.Guest(5);
        host.Tool.Ask(XsWireType.Write, "/big|" + new string('v', 3000));
        host.Tool.Ask(XsWireType.SetPerms, "/big|r0|");
        guest.Ask(XsWireType.Watch, "x|t|");
        guest.Receive();
        guest.Put(XsWireType.Read, "/big|");
        host.Sync();
        Assert.Equal(1024u, guest.RspProd - guest.RspCons);
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
        Assert.Equal((0u, 0u, 0u, 0u), guest.Indices);
        host.Tool.Ask(XsWireType.Write, "/local/domain/5/x|");
        host.Sync();
        Assert.Equal((0u, 0u, 0u, 0u), guest.Indices);
        Assert.Equal("/local/domain/9|", guest.Ask(XsWireType.GetDomainPath, "9|"));
    }

    public static void What_lay_in_the_ring_before_the_introduction_is_lost(GuestHost host)
    {
        using var guest = new RingGuest(host, 5);
        guest.Put(XsWireType.GetDomainPath, "9|");
        Assert.Equal(18u, guest.ReqProd);
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
        host.Sync();
        Assert.Equal((0u, 0u, 0u, 0u), guest.Indices);
    }

    // The daemon forgets everything of the old connection but this.
    public static void Half_a_request_outlives_an_introduction(GuestHost host)
    {
        using var guest = host.Guest(5);
        guest.Put(WireClient.Bytes(XsWireType.GetDomainPath, "12|", 77).AsSpan(0, 17));
        host.Sync();
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
        guest.Put("9\0"u8);
        Assert.Equal(new(XsWireType.GetDomainPath, 77, 0, "/local/domain/19|"), guest.Receive());
    }

    public static void An_introduction_grants_a_new_connection_and_leaves_other_fields(GuestHost host)
    {
        foreach (var asked in (uint[])[1, 2])
        {
            foreach (var release in (bool[])[false, true])
            {
                using var guest = host.Guest(5);
                if (release) host.Tool.Ask(XsWireType.Release, "5|");
                (guest.Features, guest.Connection, guest.Error) = (55, asked, 77);
                Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
                Assert.Equal((55u, asked == 1 ? 0 : asked, 77u), (guest.Features, guest.Connection, guest.Error));
                host.Tool.Ask(XsWireType.Release, "5|");
                File.Delete(host.File(5, "kick"));
                File.Delete(host.File(5, "ring"));
            }
        }
    }

    public static void A_request_for_a_new_connection_alone_changes_nothing(GuestHost host)
    {
        using var guest = host.Guest(5);
        guest.Connection = 1;
        guest.Kick();
        Assert.Equal("/local/domain/9|", guest.Ask(XsWireType.GetDomainPath, "9|"));
        Assert.Equal(1u, guest.Connection);
    }

    public static void A_ring_that_cannot_be_had_is_no_introduction(GuestHost host)
    {
        var ring = host.File(9, "ring");
        Refused("EISDIR|", () => Directory.CreateDirectory(ring));
        Refused("EINVAL|", () => File.CreateSymbolicLink(ring, "/dev/null"));
        Refused("EINVAL|", () => File.CreateSymbolicLink(ring, "/dev/zero"));
        Refused("EINVAL|", () => File.CreateSymbolicLink(ring, ring));
        Refused("ENOENT|", () => File.CreateSymbolicLink(ring, "/nonexistent/ring"));
        Refused("EINVAL|", () => GuestHost.OpenFifo(ring).Dispose());

        void Refused(string error, Action make)
        {
            make();
            Assert.Equal(error, host.Tool.Ask(XsWireType.Introduce, "9|1|1|"));
            Assert.Equal("F|", host.Tool.Ask(XsWireType.IsDomainIntroduced, "9|"));
            Assert.Equal("ENOENT|", host.Tool.Ask(XsWireType.Release, "9|"));
            if (Directory.Exists(ring)) Directory.Delete(ring);
            else File.Delete(ring);
        }
    }

    public static void A_ring_gets_its_length_when_it_is_introduced(GuestHost host)
    {
        foreach (var before in (int[])[-1, 0, 100, 4096, 9000])
        {
            if (before >= 0) File.WriteAllBytes(host.File(9, "ring"), [.. Enumerable.Repeat((byte)7, before)]);
            Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "9|1|1|"));
            var bytes = File.ReadAllBytes(host.File(9, "ring"));
            Assert.Equal(4096, bytes.Length);
            Assert.Equal(before > 50 ? 7 : 0, bytes[50]);
            Assert.Equal("OK|", host.Tool.Ask(XsWireType.Release, "9|"));
            File.Delete(host.File(9, "ring"));
        }
    }

    public static void Whom_Xen_does_not_know_cannot_be_introduced(GuestHost host)
    {
        foreach (var (state, reply) in ((string, string)[])[("gone", "EINVAL|"), ("dying", "EINVAL|"), ("shutdown", "OK|"), ("running", "OK|"), ("what", "OK|"), ("", "OK|")])
        {
            File.WriteAllText(host.File(9, "state"), state);
            Assert.Equal(reply, host.Tool.Ask(XsWireType.Introduce, "9|1|1|"));
            Assert.Equal(reply == "OK|" ? "OK|" : "ENOENT|", host.Tool.Ask(XsWireType.Release, "9|"));
        }

        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "1023|1|1|"));
        Assert.Equal("EINVAL|", host.Tool.Ask(XsWireType.Introduce, "1024|1|1|"));
        File.WriteAllText(host.File(1024, "state"), "running");
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "1024|1|1|"));
    }

    public static void A_death_ends_all_that_was_the_domains(GuestHost host)
    {
        foreach (var last in (string[])["gone", "dying"])
        {
            using var watcher = Watcher(host);
            using var guest = host.Guest(5);
            guest.Ask(XsWireType.Write, "x|1");
            Assert.Equal([], Seen(watcher));
            host.SetState(5, "shutdown");
            Assert.Equal(["@releaseDomain|r|"], Seen(watcher));
            Assert.Equal("/local/domain/9|", guest.Ask(XsWireType.GetDomainPath, "9|"));
            host.SetState(5, last);
            Assert.Equal(["@releaseDomain|r|"], Seen(watcher));
            Assert.Equal("F|", host.Tool.Ask(XsWireType.IsDomainIntroduced, "5|"));
            Assert.Equal("ENOENT|", host.Tool.Ask(XsWireType.Read, "/local/domain/5/x|"));
            guest.Put(XsWireType.GetDomainPath, "9|");
            host.Sync();
            Assert.Equal(18u, guest.ReqProd - guest.ReqCons);
            File.Delete(host.File(5, "state"));
            File.Delete(host.File(5, "kick"));
            File.Delete(host.File(5, "ring"));
        }
    }

    public static void A_shutdown_is_told_once_until_the_domain_is_resumed(GuestHost host)
    {
        using var watcher = Watcher(host);
        using var guest = host.Guest(5);
        foreach (var (state, told) in ((string, int)[])[("running", 0), ("shutdown", 1), ("shutdown", 0), ("running", 0), ("shutdown", 0)])
        {
            host.SetState(5, state);
            Assert.Equal(told, Seen(watcher).Count);
        }

        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Resume, "5|"));
        host.SetState(5, "shutdown");
        Assert.Single(Seen(watcher));
    }

    public static void Shutdowns_are_told_together_and_deaths_one_by_one(GuestHost host)
    {
        using var watcher = Watcher(host);
        uint[] domains = [5, 6, 7];
        foreach (var domain in domains) Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, $"{domain}|1|1|"));
        foreach (var domain in domains[1..]) File.WriteAllText(host.File(domain, "state"), "shutdown");
        host.SetState(5, "shutdown");
        Assert.Single(Seen(watcher));
        foreach (var domain in domains[1..]) File.WriteAllText(host.File(domain, "state"), "gone");
        host.SetState(5, "gone");
        Assert.Equal(3, Seen(watcher).Count);
    }

    private static WireClient Watcher(GuestHost host)
    {
        var watcher = host.Connect();
        watcher.Ask(XsWireType.Watch, "@releaseDomain|r|");
        watcher.Receive();
        return watcher;
    }

    // Events come before the reply to what is asked after them.
    private static List<string> Seen(WireClient watcher)
    {
        watcher.Send(WireClient.Bytes(XsWireType.GetDomainPath, "9|"));
        var events = new List<string>();
        while (watcher.Receive() is var message && message.Type == XsWireType.WatchEvent) events.Add(message.Text);
        return events;
    }
}
