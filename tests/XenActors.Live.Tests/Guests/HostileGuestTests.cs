using XenActors.Abi;
using XenActors.Experiments;
using XenActors.Live.Xenstore;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Guests;

/// <summary>What the real daemon does not survive, or does not bear looking at: here one guest loses its connection, nobody anything else.</summary>
public sealed class HostileGuestTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1500)]
    [InlineData(2050)]
    public void A_truncated_page_costs_its_guest_the_connection(int length)
    {
        using var host = GuestHost.Ours();
        using var other = host.Guest(6);
        using (var guest = host.Guest(5))
        {
            Assert.Equal("OK|", guest.Ask(XsWireType.Watch, "x|t|"));
            Truncate(host, 5, length);
            host.Tell(64 + 5);
            Assert.Equal("OK|", host.Tool.Ask(XsWireType.Write, "/local/domain/5/x|1"));
            host.Sync();
        }

        Assert.Equal("/local/domain/9|", other.Ask(XsWireType.GetDomainPath, "9|"));
        Assert.Equal("T|", host.Tool.Ask(XsWireType.IsDomainIntroduced, "5|"));
        Assert.Equal(0, host.Server.Counts.Watches);
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
        Assert.Equal("OK|", host.Tool.Ask(XsWireType.Release, "5|"));
        File.Delete(host.File(5, "kick"));
        using var again = host.Guest(5);
        Assert.Equal("/local/domain/9|", again.Ask(XsWireType.GetDomainPath, "9|"));
    }

    // The page goes while the daemon is at work on it: whichever of its steps that meets, it must not meet a signal.
    [Fact]
    public void A_page_may_be_truncated_at_any_moment()
    {
        using var host = GuestHost.Ours();
        using var other = host.Guest(6);
        for (var round = 0; round < 20; round++)
        {
            Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
            using (var file = new FileStream(host.File(5, "ring"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0))
            {
                for (var i = 0; i < 50; i++)
                {
                    file.SetLength(Gfn.PageSize);
                    file.Position = 0;
                    file.Write(WireClient.Bytes(XsWireType.GetDomainPath, "9|"));
                    file.Position = XenstoreDomainInterface.ReqProdOffset;
                    file.Write(BitConverter.GetBytes(18));
                    host.Tell(64 + 5);
                    file.SetLength(0);
                }
            }

            host.Sync();
            Assert.Equal("OK|", host.Tool.Ask(XsWireType.Release, "5|"));
        }

        Assert.Equal("/local/domain/9|", other.Ask(XsWireType.GetDomainPath, "9|"));
    }

    // Four seeds of 100 pages and 50 random changes each, beside a guest and a tool that do nothing wrong.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_a_guest_writes_into_its_page_others_go_on(int seed)
    {
        using var host = GuestHost.Ours();
        using var other = host.Guest(6);
        other.Ask(XsWireType.Watch, "x|t|");
        other.Receive();
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
            using (var page = new MappedRingPage(host.File(5, "ring")))
            {
                for (var i = 0; i < 50; i++)
                {
                    Change(page, random);
                    host.Tell(random.Next(8) == 0 ? (uint)random.Next() : 64 + 5);
                }
            }

            other.Send(XsWireType.Write, $"x|{round}");
            Assert.Equal("x|t|", other.Receive().Text);
            Assert.Equal("OK|", other.Receive().Text);
            Assert.Equal("OK|", host.Tool.Ask(XsWireType.Release, "5|"));
        }

        Assert.Equal(new XenstoreServerCounts(2, 1, 0, 0), host.Server.Counts); // the host's two tools, and the other guest's watch
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Garbled_events_lose_nobody_anything(int extra)
    {
        using var host = GuestHost.Ours();
        using var guest = host.Guest(5);
        for (var i = 0; i < 20; i++)
        {
            host.Tell([.. Enumerable.Repeat((byte)0xa5, extra)]);
            Assert.Equal($"/local/domain/{i}|", guest.Ask(XsWireType.GetDomainPath, $"{i}|"));
        }

        File.WriteAllText(host.File(5, "state"), "gone");
        host.Tell([3]);
        host.Sync();
        Assert.Equal("F|", host.Tool.Ask(XsWireType.IsDomainIntroduced, "5|"));
    }

    [Fact]
    public void Nobody_need_listen_to_kicks()
    {
        using var host = GuestHost.Ours();
        using var guest = new RingGuest(host, 5);
        var kick = host.File(5, "kick");
        File.Delete(kick);
        Answers(); // none there
        using (GuestHost.OpenFifo(kick)) Answers();
        Answers(); // no reader
        File.Delete(kick);
        File.WriteAllText(kick, "a file");
        Answers();
        Assert.Equal("a file", File.ReadAllText(kick));
        File.Delete(kick);
        using (var full = GuestHost.OpenFifo(kick))
        {
            full.Write(new byte[64 * 1024]);
            Answers();
        }

        void Answers()
        {
            Assert.Equal("OK|", host.Tool.Ask(XsWireType.Introduce, "5|1|1|"));
            guest.Put(XsWireType.GetDomainPath, "9|");
            host.Sync();
            Assert.Equal("/local/domain/9|", guest.TryReceive()?.Text);
        }
    }

    [Fact]
    public void What_a_killed_daemon_did_not_hear_is_not_for_the_next_one()
    {
        var directory = Directory.CreateTempSubdirectory("xsg").FullName;
        using (var pipe = GuestHost.OpenFifo(Path.Combine(directory, "evtchn")))
        {
            pipe.Write([3]);
            using var server = new RunningServer(XenstoreServerOptions.Default with { GuestRings = directory });
            using var client = server.Connect();
            Assert.Equal("OK|", client.Ask(XsWireType.Introduce, "5|1|1|"));
        }

        Directory.Delete(directory, true);
    }

    [Fact]
    public void A_directory_that_cannot_be_used_is_the_users_mistake()
    {
        var directory = Directory.CreateTempSubdirectory("xsg").FullName;
        var missing = Path.Combine(directory, "missing");
        Assert.Equal($"{missing}/evtchn: No such file or directory", Mistake(missing));
        Directory.CreateDirectory(Path.Combine(directory, "dom0.ring"));
        Assert.Equal($"{directory}/dom0.ring: expected a file that can be mapped but found EISDIR", Mistake(directory));
        File.Delete(Path.Combine(directory, "evtchn"));
        File.WriteAllText(Path.Combine(directory, "evtchn"), "");
        Assert.Equal($"{directory}/evtchn: exists and is no FIFO", Mistake(directory));
        Directory.Delete(directory, true);
    }

    private static string Mistake(string directory) => Assert.Throws<UserErrorException>(() =>
        new XenstoreServer(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), XenstoreServerOptions.Default with { GuestRings = directory })).Message;

    private static void Truncate(GuestHost host, uint domid, int length)
    {
        using var file = new FileStream(host.File(domid, "ring"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    private static void Change(MappedRingPage page, Random random)
    {
        var index = XenstoreDomainInterface.ReqConsOffset + (4 * random.Next(4));
        switch (random.Next(5))
        {
            case 0:
                page[4 * random.Next(XenstoreDomainInterface.SizeOf / 4)] = (uint)random.NextInt64(1L << 32);
                break;
            case 1:
                page[index] = unchecked(page[index] + (uint)random.Next(-40, 40));
                break;
            default:
                var request = WireClient.Bytes((XsWireType)random.Next(25), random.Next(3) == 0 ? "x|5|" : "/local/domain/5|t|", (uint)random.Next(), (uint)random.Next(3));
                if (random.Next(6) == 0) request[random.Next(request.Length)] ^= (byte)(1 << random.Next(8));
                var at = page[XenstoreDomainInterface.ReqProdOffset];
                for (var i = 0; i < request.Length; i++) page.TryWrite((int)(unchecked(at + (uint)i) % XenstoreLimits.RingSize), request.AsSpan(i, 1));
                page.TryAdvance(XenstoreDomainInterface.ReqProdOffset, (uint)request.Length);
                break;
        }
    }
}
