using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Nbd;
using XenActors.Live.Hosts;
using XenActors.Live.Nbd;
using XenActors.Tests.Live.Hosts;

namespace XenActors.Tests.Live.Nbd;

/// <summary>A guest's disk over NBD: through its block layer, blkfront, the ring, blkback, into the image; and again from the recording.</summary>
public sealed class ServedGuestTests
{
    [Theory]
    [InlineData("debian12-6.1")]
    [InlineData("fedora16-3.1")]
    public void What_a_client_writes_lies_in_the_image_and_what_it_reads_comes_from_there(string kernel)
    {
        using var guest = new ServedGuest(16, kernel: kernel);
        var data = new byte[3 << 20];
        new Random(1).NextBytes(data);
        using (var client = guest.Attach())
        {
            client.Write(2 << 20, data);
            Assert.Equal(NbdError.None, client.Ask(NbdCommand.Write, 8 << 20, 4096, NbdCommandFlags.Fua, data[..4096]).Error);
            Assert.Equal(NbdError.None, client.Ask(NbdCommand.Write, 9 << 20, 1 << 20, NbdCommandFlags.Fua, data[..(1 << 20)]).Error);
            Assert.Equal(NbdError.None, client.Ask(NbdCommand.Flush, 0, 0).Error);
            Assert.True(client.Read(2 << 20, (uint)data.Length).AsSpan().SequenceEqual(data));
            Assert.Equal(NbdError.None, client.Ask(NbdCommand.WriteZeroes, 3 << 20, 1 << 20).Error);
            data.AsSpan(1 << 20, 1 << 20).Clear();
            Assert.True(client.Read(2 << 20, (uint)data.Length).AsSpan().SequenceEqual(data));
            Assert.Equal(NbdError.None, client.Ask(NbdCommand.Flush, 0, 0).Error);
            Assert.Equal(0x55, client.Read(0, 512)[510]);
        }

        var image = File.ReadAllBytes(guest.Image);
        Assert.True(image.AsSpan(2 << 20, data.Length).SequenceEqual(data));
        guest.EndAndReplay();
    }

    [Fact]
    public void A_disk_that_may_only_be_read_says_so()
    {
        using var guest = new ServedGuest(4, "phy:/dev/vg/disk,xvda,r");
        using var client = guest.Attach();
        Assert.Equal(NbdError.EPERM, client.Ask(NbdCommand.Write, 0, 512, payload: new byte[512]).Error);
        Assert.Equal(0x55, client.Read(0, 512)[510]);
        guest.EndAndReplay();
    }

    [Fact]
    public void A_partition_is_a_disk_too()
    {
        using var guest = new ServedGuest(4, device: "xvda1");
        using var client = guest.Attach();
        Assert.Equal(NbdError.None, client.Ask(NbdCommand.Read, (3 << 20) - 512, 512).Error);
        Assert.Equal(NbdError.EINVAL, client.Ask(NbdCommand.Read, 3 << 20, 512).Error);
        Assert.Contains(guest.Host.Told, t => t.Contains("serving guest/xvda1, 3145728 bytes: nbd+unix:", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_device_that_the_guest_lacks_clients_learn_by_being_left()
    {
        using var guest = new ServedGuest(4, device: "xvdb");
        using var client = new NbdClientSocket(guest.Address);
        Assert.True(client.IsLeft());
        Assert.Contains(guest.Host.Told, t => t.EndsWith("guest has no xvdb", StringComparison.Ordinal));
        guest.EndAndReplay();
    }

    [Fact]
    public void A_client_that_waits_does_not_wait_for_the_wall_clock()
    {
        // 300 requests one after the other: at the disk's own latency they take longer than this test may.
        var clock = new ManualClock(TimeSpan.FromMicroseconds(1));
        using var host = Paced(clock, out var address);
        using var client = new NbdClientSocket(address);
        while (client.Socket.Available == 0)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            Thread.Sleep(1);
        }

        client.Go(structured: true);
        for (ulong i = 0; i < 300; i++) Assert.Equal(4096, client.Read(i * 4096, 4096).Length);
        host.Replays();
    }

    [Fact]
    public void Requests_of_many_connections_come_out_right_and_are_replayed()
    {
        using var guest = new ServedGuest(16);
        var clients = Enumerable.Range(0, 4).Select(_ => guest.Attach()).ToList();
        var threads = clients.Select((client, who) => new Thread(() =>
        {
            var random = new Random(who);
            var mine = new byte[1 << 20];
            for (var i = 0; i < 60; i++)
            {
                var at = random.Next(2000) * 512;
                var data = new byte[random.Next(1, 48) * 512];
                random.NextBytes(data);
                data.CopyTo(mine, at);
                client.Write((ulong)((who + 2) << 20) + (ulong)at, data);
            }

            Assert.True(client.Read((ulong)(who + 2) << 20, 1 << 20).AsSpan().SequenceEqual(mine));
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        clients.ForEach(c => c.Dispose());
        guest.EndAndReplay();
    }

    [Fact]
    public void Bad_clients_harm_neither_the_good_one_nor_the_replay()
    {
        using var guest = new ServedGuest(16);
        using var good = guest.Attach();
        var random = new Random(7);
        var garbage = new byte[4000];
        for (var round = 0; round < 40; round++)
        {
            using var bad = guest.Attach();
            random.NextBytes(garbage);
            switch (round % 4)
            {
                case 0:
                    bad.Send(garbage);
                    break;
                case 1:
                    bad.Send(NbdClientSocket.Request(NbdCommand.Write, 1, 8 << 20, 1 << 20, payload: garbage)); // killed in the middle of it
                    break;
                case 2:
                    for (ulong i = 0; i < 64; i++) bad.Send(NbdClientSocket.Request(NbdCommand.Read, i, i * 65536, 65536)); // killed with all of it under way
                    break;
                default:
                    bad.Send(NbdClientSocket.Request(NbdCommand.Write, 1, 0, uint.MaxValue));
                    break;
            }

            good.Write((ulong)round * 4096 + (4 << 20), [.. Enumerable.Repeat((byte)round, 4096)]);
        }

        for (var round = 0; round < 40; round++) Assert.Equal(round, good.Read((ulong)round * 4096 + (4 << 20), 4096)[4095]);
        Assert.DoesNotContain(good.Read(8 << 20, 1 << 20), b => b != 0);
        guest.EndAndReplay();
    }

    [Fact]
    public void A_recording_of_much_data_is_little_longer_than_the_data()
    {
        const int Size = 8 << 20;
        using var guest = new ServedGuest(32);
        var data = new byte[Size];
        new Random(2).NextBytes(data);
        using (var client = guest.Attach())
        {
            for (var round = 0; round < 3; round++)
            {
                if (round == 0) client.Write(1 << 20, data);
                Assert.True(client.Read(1 << 20, Size).AsSpan().SequenceEqual(data));
                Assert.DoesNotContain(client.Read(16 << 20, Size), b => b != 0);
            }
        }

        guest.Host.Ended();
        Assert.InRange(new FileInfo(guest.Host.Recording).Length, Size, Size * 1.42);
        guest.EndAndReplay();
    }

    [Theory]
    [InlineData("none/xvda=unix:/tmp/x", "--nbd none/xvda=unix:/tmp/x: expected one of guest (domain 1) but found none")]
    [InlineData("7/xvda=unix:/tmp/x", "--nbd 7/xvda=unix:/tmp/x: expected one of guest (domain 1) but found 7")]
    [InlineData("1/xvda=unix:/nonexistent/x", "/nonexistent/x: No such file or directory")]
    public void A_mistake_is_told_in_one_line(string export, string line)
    {
        var directory = Directory.CreateTempSubdirectory("nbd");
        var config = Path.Combine(directory.FullName, "guest.cfg");
        File.WriteAllText(config, "builder = 'hvm'\nname = 'guest'\nmemory = 256\ndisk = ['phy:/dev/vg/disk,xvda,w']\n");
        using var boot = BootSession.Prepare(new BootOptions { Configs = [config], ProfileDirectory = Path.Combine(AppContext.BaseDirectory, "hocon") });
        var options = new HostServerOptions { Socket = Path.Combine(directory.FullName, "xs"), Exports = [NbdExportOption.Parse(export)!] };
        Assert.Equal(line, Assert.Throws<UserErrorException>(() => new HostServer(boot, options, _ => { })).Message);
        directory.Delete(true);
    }

    private static RunningHost Paced(ManualClock clock, out NbdAddress address)
    {
        address = NbdAddress.OfPath(Path.Combine(Path.GetTempPath(), $"nbd-{Guid.NewGuid():n}"));
        return RunningHost.Start(
            RunningHost.Guest("debian12-6.1"),
            new HostServerOptions { Socket = "", Speed = 1, Clock = clock, Exports = [new NbdExportOption("1", "xvda", address)] });
    }
}
