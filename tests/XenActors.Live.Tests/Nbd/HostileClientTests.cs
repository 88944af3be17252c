using System.Buffers.Binary;
using XenActors.Experiments.Nbd;
using XenActors.Live.Nbd;

namespace XenActors.Tests.Live.Nbd;

/// <summary>What bad clients do costs themselves only: beside each of them a good one is served.</summary>
public sealed class HostileClientTests
{
    [Fact]
    public void Garbage_ends_its_connection_only()
    {
        using var server = new RunningNbd();
        using var good = server.Attach();
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            using var bad = server.Connect();
            var stage = round % 3;
            if (stage > 0) bad.Shake();
            if (stage > 1) bad.Ask(NbdOption.Go, NbdClientSocket.InfoData(""));
            var garbage = new byte[random.Next(1, 5000)];
            random.NextBytes(garbage);
            Swallow(() => bad.Send(garbage));
            if (round % 5 == 0) Swallow(() => bad.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send));
            if (round % 7 == 0) Assert.Equal(512, good.Read(0, 512).Length);
        }

        good.Write(0, new byte[512]);
        good.Dispose();
        server.Await(0);
    }

    // Bytes of real messages, some of them changed: further into the protocol than garbage gets.
    [Fact]
    public void Mutated_conversations_leave_nothing_behind()
    {
        byte[] whole =
        [
            0, 0, 0, 3, .. NbdClientSocket.Option(NbdOption.StructuredReply, []), .. NbdClientSocket.Option(NbdOption.List, []),
            .. NbdClientSocket.Option(NbdOption.SetMetaContext, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 15, .. "base:allocation"u8]),
            .. NbdClientSocket.Option(NbdOption.Info, NbdClientSocket.InfoData("guest/xvda", NbdInfo.Name)), .. NbdClientSocket.Option(NbdOption.Go, NbdClientSocket.InfoData("")),
            .. NbdClientSocket.Request(NbdCommand.Write, 1, 512, 1024, payload: new byte[1024]), .. NbdClientSocket.Request(NbdCommand.Read, 2, 0, 4096),
            .. NbdClientSocket.Request(NbdCommand.Trim, 3, 0, 4096), .. NbdClientSocket.Request(NbdCommand.WriteZeroes, 4, 0, 4096), .. NbdClientSocket.Request(NbdCommand.BlockStatus, 7, 0, 4096), .. NbdClientSocket.Request(NbdCommand.Flush, 5, 0, 0),
            .. NbdClientSocket.Request(NbdCommand.Disc, 6, 0, 0),
        ];
        using var server = new RunningNbd();
        var random = new Random(12);
        for (var round = 0; round < 400; round++)
        {
            var bytes = whole.ToArray();
            for (var i = random.Next(4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using var bad = server.Connect();
            var cut = random.Next(3) == 0 ? random.Next(bytes.Length) : bytes.Length;
            Swallow(() => bad.Send(bytes.AsSpan(0, cut)));
            if (random.Next(2) == 0) Swallow(() => bad.Socket.Receive(new byte[10_000]));
        }

        server.Await(0);
        using var good = server.Attach();
        Assert.Equal(512, good.Read(0, 512).Length);
    }

    [Fact]
    public void An_oversize_write_ends_its_connection_and_an_oversize_option_is_passed_over()
    {
        using var server = new RunningNbd();
        using var good = server.Attach();
        using (var bad = server.Attach())
        {
            bad.Send(NbdClientSocket.Request(NbdCommand.Write, 1, 0, NbdWire.PayloadMax + 512));
            Assert.True(bad.IsLeft());
        }

        using (var bad = server.Connect())
        {
            bad.Shake();
            var option = NbdClientSocket.Option((NbdOption)9, []);
            BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(12), uint.MaxValue);
            bad.Send(option);
            Assert.True(bad.IsLeft());
        }

        Assert.Equal(512, good.Read(0, 512).Length);
    }

    [Fact]
    public void Whoever_dies_in_the_middle_of_a_write_has_not_written()
    {
        using var server = new RunningNbd(1 << 20);
        using var good = server.Attach();
        for (var round = 0; round < 20; round++)
        {
            using var bad = server.Attach();
            var request = NbdClientSocket.Request(NbdCommand.Write, 1, 0, 256 * 1024, payload: [.. Enumerable.Repeat((byte)0xee, 256 * 1024)]);
            bad.Send(request.AsSpan(0, request.Length - 1 - 10_000 * round));
        }

        server.Await(1);
        Assert.DoesNotContain((byte)0xee, good.Read(0, 256 * 1024));
        Assert.Single(server.Disk.Asked);
    }

    [Fact]
    public void Whoever_dies_with_requests_on_their_way_is_forgotten_when_they_end()
    {
        using var server = new RunningNbd();
        using var good = server.Attach();
        server.Disk.Holds = true;
        for (var round = 0; round < 20; round++)
        {
            using var bad = server.Attach();
            for (ulong i = 0; i < 50; i++) bad.Send(NbdClientSocket.Request(NbdCommand.Read, i, 0, 4096));
            bad.Send(NbdClientSocket.Request(NbdCommand.Write, 99, 512, 512, payload: [.. Enumerable.Repeat((byte)round, 512)]));
        }

        server.Disk.Holds = false;
        Assert.Equal(512, good.Read(0, 512).Length);
        server.Await(1);
        Assert.Equal(512, good.Read(0, 512).Length);
    }

    [Fact]
    public void A_slow_reader_holds_a_bounded_memory_and_nobody_else_up()
    {
        const int Each = 256 * 1024;
        using var server = new RunningNbd(1 << 20, new NbdServerOptions { BytesMax = 1 << 20 });
        using var good = server.Attach();
        using var slow = server.Attach();
        var sender = new Thread(() =>
        {
            for (ulong i = 0; i < 1000; i++) slow.Send(NbdClientSocket.Request(NbdCommand.Read, i, 0, Each));
        });
        sender.Start();
        for (var i = 0; i < 100; i++) Assert.Equal(4096, good.Read(4096, 4096).Length);
        Thread.Sleep(50);
        for (var i = 0; i < 100; i++) Assert.Equal(4096, good.Read(4096, 4096).Length);
        int asked;
        lock (server.Disk.Asked) asked = server.Disk.Asked.Count(a => a.Length == Each);
        Assert.InRange(asked, 1, 10);
        for (var i = 0; i < 1000; i++) Assert.Equal(Each, slow.Reply(Each).Data.Length);
        sender.Join();
    }

    [Fact]
    public void No_more_requests_of_a_connection_are_on_their_way_than_may_be()
    {
        using var server = new RunningNbd(options: new NbdServerOptions { RequestsMax = 16 });
        using var client = server.Attach();
        server.Disk.Holds = true;
        for (ulong i = 0; i < 200; i++) client.Send(NbdClientSocket.Request(NbdCommand.Read, i, 0, 512));
        Thread.Sleep(50);
        server.Disk.Holds = false;
        server.OnServer(() => { });
        for (var i = 0; i < 200; i++) Assert.Equal(512, client.Reply(512).Data.Length);
        Assert.Equal(16, server.Disk.WaitingMost);
    }

    [Fact]
    public void Whoever_connects_and_says_nothing_is_left_after_a_while()
    {
        using var server = new RunningNbd(options: new NbdServerOptions { HagglingMost = TimeSpan.FromMilliseconds(100), Connections = 4 });
        using var silent = server.Connect();
        using var half = server.Connect();
        half.Shake();
        half.Send(NbdClientSocket.Option(NbdOption.Go, NbdClientSocket.InfoData(""))[..17]);
        using var good = server.Attach();
        silent.Receive(NbdWire.GreetingSize);
        Assert.True(silent.IsLeft());
        Assert.True(half.IsLeft());
        server.Await(1);
        Assert.Equal(512, good.Read(0, 512).Length);
    }

    [Fact]
    public void Connections_beyond_the_limit_wait_for_a_place()
    {
        using var server = new RunningNbd(options: new NbdServerOptions { Connections = 2 });
        var one = server.Attach();
        using var two = server.Attach();
        using var three = server.Connect();
        three.Socket.ReceiveTimeout = 100;
        Assert.Throws<System.Net.Sockets.SocketException>(() => three.Socket.Receive(new byte[1]));
        three.Socket.ReceiveTimeout = 30_000;
        one.Dispose();
        three.Go(structured: false);
        Assert.Equal(512, three.Read(0, 512).Length);
        Assert.Equal(512, two.Read(0, 512).Length);
    }

    // What has been sent to one who has gone, or is read after he is left, fails; that is no concern of these tests.
    private static void Swallow(Action action)
    {
        try
        {
            action();
        }
        catch (System.Net.Sockets.SocketException)
        {
        }
    }
}
