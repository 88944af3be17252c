using XenActors.Experiments.Nbd;
using XenActors.Live.Nbd;

namespace XenActors.Tests.Live.Nbd;

public sealed class TransmissionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_is_read(bool structured)
    {
        using var server = new RunningNbd(8 << 20);
        using var client = server.Attach(structured);
        var random = new Random(3);
        foreach (var length in new[] { 512, 4096, 65536, 65536 + 512, 1 << 20, (1 << 20) - 512, 5 << 20 })
        {
            var data = new byte[length];
            random.NextBytes(data);
            var at = (ulong)random.Next(((8 << 20) - length) / 512) * 512;
            client.Write(at, data);
            Assert.True(client.Read(at, (uint)length).AsSpan().SequenceEqual(data), $"{length} bytes");
            Assert.True(server.Disk.Bytes.AsSpan((int)at, length).SequenceEqual(data), $"{length} bytes");
        }

        Assert.Equal(structured ? NbdReplyType.None : null, client.Ask(NbdCommand.Flush, 0, 0).Chunk);
        Assert.Equal(structured ? NbdReplyType.OffsetData : null, client.Ask(NbdCommand.Read, 0, 512, structured ? NbdCommandFlags.Df : 0).Chunk);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_wrong_is_an_error_and_the_connection_goes_on(bool structured)
    {
        const uint Block = 512;
        using var server = new RunningNbd(16 * (int)Block);
        using var client = server.Attach(structured);
        (NbdCommand Command, ulong Offset, uint Length, NbdCommandFlags Flags, NbdError Error)[] wrong =
        [
            (NbdCommand.Read, 16 * Block, Block, 0, NbdError.EINVAL),
            (NbdCommand.Read, 15 * Block, 2 * Block, 0, NbdError.EINVAL),
            (NbdCommand.Read, ulong.MaxValue - 511, Block, 0, NbdError.EINVAL),
            (NbdCommand.Read, 1, Block, 0, NbdError.EINVAL),
            (NbdCommand.Read, 0, Block - 1, 0, NbdError.EINVAL),
            (NbdCommand.Read, 0, uint.MaxValue, 0, NbdError.EOVERFLOW),
            (NbdCommand.Read, 0, Block, NbdCommandFlags.NoHole, NbdError.EINVAL),
            (NbdCommand.Write, 16 * Block, Block, 0, NbdError.ENOSPC),
            (NbdCommand.Write, 15 * Block, 64 * Block, 0, NbdError.ENOSPC),
            (NbdCommand.Write, 3, Block, 0, NbdError.EINVAL),
            (NbdCommand.Write, 0, Block, NbdCommandFlags.ReqOne, NbdError.EINVAL),
            (NbdCommand.WriteZeroes, 15 * Block, 2 * Block, 0, NbdError.ENOSPC),
            (NbdCommand.WriteZeroes, 0, Block, NbdCommandFlags.FastZero, NbdError.ENOTSUP),
            (NbdCommand.Trim, 15 * Block, 2 * Block, 0, NbdError.EINVAL),
            (NbdCommand.Flush, 0, 1, 0, NbdError.EINVAL),
            (NbdCommand.Cache, 0, Block, 0, NbdError.EINVAL),
            (NbdCommand.BlockStatus, 0, Block, 0, NbdError.EINVAL),
            (NbdCommand.Resize, 0, Block, 0, NbdError.EINVAL),
            ((NbdCommand)999, 0, Block, 0, NbdError.EINVAL),
        ];
        foreach (var (command, offset, length, flags, error) in wrong)
        {
            var reply = client.Ask(command, offset, length, flags, command == NbdCommand.Write ? new byte[length] : null);
            Assert.Equal((command, offset, length, flags, error), (command, offset, length, flags, reply.Error));
            Assert.Equal(structured ? NbdReplyType.Error : null, reply.Chunk);
        }

        Assert.Empty(server.Disk.Asked);
        Assert.Equal(NbdError.None, client.Ask(NbdCommand.Write, 0, Block, NbdCommandFlags.Fua, new byte[Block]).Error);
        Assert.Equal(NbdError.None, client.Ask(NbdCommand.Read, 0, Block, NbdCommandFlags.Fua).Error); // as some clients do
        Assert.Equal(NbdError.None, client.Ask(NbdCommand.WriteZeroes, 0, 16 * Block, NbdCommandFlags.NoHole | NbdCommandFlags.Fua).Error);
        Assert.Equal(NbdError.None, client.Ask(NbdCommand.Trim, 0, 16 * Block).Error);
        Assert.Equal(NbdError.None, client.Ask(NbdCommand.Flush, 0, 0).Error);
        Assert.Equal(5, server.Disk.Asked.Count);
    }

    [Fact]
    public void An_export_that_does_not_trim_says_so()
    {
        using var server = new RunningNbd(export: new NbdExport { Name = "x", Size = 0 });
        using var client = server.Attach();
        Assert.Equal(NbdError.EINVAL, client.Ask(NbdCommand.Trim, 0, 512).Error);
    }

    [Theory]
    [InlineData(NbdCommand.Read)]
    [InlineData(NbdCommand.Write)]
    [InlineData(NbdCommand.Trim)]
    [InlineData(NbdCommand.WriteZeroes)]
    public void Nothing_is_done_about_no_bytes(NbdCommand command)
    {
        using var server = new RunningNbd();
        using var client = server.Attach();
        Assert.Equal((NbdError.None, 0, NbdReplyType.None), client.Ask(command, 512, 0) is var r ? (r.Error, r.Data.Length, r.Chunk) : default);
        Assert.Equal(command == NbdCommand.Write ? NbdError.ENOSPC : command == NbdCommand.WriteZeroes ? NbdError.ENOSPC : NbdError.EINVAL, client.Ask(command, 2 << 20, 0).Error);
        Assert.Empty(server.Disk.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_read_that_fails_brings_no_data(bool structured)
    {
        using var server = new RunningNbd();
        server.Disk.BadBlock = 3;
        using var client = server.Attach(structured);
        Assert.Equal(NbdError.EIO, client.Ask(NbdCommand.Read, 0, 4096).Error);
        Assert.Equal(new byte[512], client.Read(4 * 512, 512));
    }

    [Fact]
    public void Requests_may_be_answered_in_any_order_and_come_in_one_packet()
    {
        using var server = new RunningNbd();
        using var client = server.Attach();
        byte[] packet = [];
        for (ulong i = 0; i < 20; i++)
        {
            packet = [.. packet, .. NbdClientSocket.Request(NbdCommand.Write, i, i * 512, 512, payload: [.. Enumerable.Repeat((byte)i, 512)])];
        }

        client.Send(packet);
        var cookies = new SortedSet<ulong>();
        for (var i = 0; i < 20; i++) Assert.True(cookies.Add(client.Reply(0).Cookie));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (ulong)i), cookies);
        for (ulong i = 0; i < 20; i++) Assert.Equal(i, client.Read(i * 512, 512)[511]);
    }

    [Fact]
    public void A_disconnect_waits_for_what_was_asked_before()
    {
        using var server = new RunningNbd();
        using var client = server.Attach();
        server.Disk.Holds = true;
        client.Send(NbdClientSocket.Request(NbdCommand.Write, 1, 0, 512, payload: [.. Enumerable.Repeat((byte)9, 512)]));
        client.Send(NbdClientSocket.Request(NbdCommand.Disc, 2, 0, 0));
        client.Send(NbdClientSocket.Request(NbdCommand.Flush, 3, 0, 0)); // nobody hears it
        client.Socket.ReceiveTimeout = 100;
        Assert.Throws<System.Net.Sockets.SocketException>(() => client.Socket.Receive(new byte[1]));
        client.Socket.ReceiveTimeout = 30_000;
        server.Disk.Holds = false;
        server.OnServer(() => { });
        Assert.Equal(1UL, client.Reply(0).Cookie);
        Assert.True(client.IsLeft());
        Assert.Equal(9, server.Disk.Bytes[0]);
        Assert.Equal([NbdCommand.Write, NbdCommand.Flush], server.Disk.Asked.Select(a => a.Command)); // what it wrote it had not flushed
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void What_a_client_wrote_is_flushed_once_when_it_leaves(bool politely, bool flushed)
    {
        using var server = new RunningNbd();
        using var client = server.Attach();
        client.Write(0, new byte[512]);
        if (flushed) client.Ask(NbdCommand.Flush, 0, 0);
        if (politely) client.Send(NbdClientSocket.Request(NbdCommand.Disc, 2, 0, 0));
        else client.Dispose();
        server.Await(0);
        Assert.Equal([NbdCommand.Write, NbdCommand.Flush], server.Disk.Asked.Select(a => a.Command));
    }

    [Fact]
    public void What_one_connection_writes_another_reads()
    {
        using var server = new RunningNbd();
        using var one = server.Attach();
        using var other = server.Attach(structured: false);
        for (byte i = 1; i < 50; i++)
        {
            one.Write(i * 512UL, [.. Enumerable.Repeat(i, 512)]);
            Assert.Equal(NbdError.None, one.Ask(NbdCommand.Flush, 0, 0).Error);
            Assert.Equal(i, other.Read(i * 512UL, 512)[17]);
        }
    }

    [Fact]
    public void Our_own_client_reads_and_writes()
    {
        using var server = new RunningNbd(40 << 20);
        using var disk = NbdConnection.Open(server.Address.Path, "guest/xvda");
        Assert.Equal((40UL << 20, 512U), (disk.Size, disk.BlockSizeMin));
        Assert.True(disk.Flags.HasFlag(NbdTransmissionFlags.SendTrim));
        var data = new byte[35 << 20];
        new Random(4).NextBytes(data);
        Assert.Equal(NbdError.None, disk.Write(512, data));
        Assert.Equal(NbdError.None, disk.Flush());
        var back = new byte[data.Length];
        Assert.Equal(NbdError.None, disk.Read(512, back));
        Assert.True(back.AsSpan().SequenceEqual(data));
        Assert.Equal(NbdError.None, disk.WriteZeroes(0, 20 << 20));
        Assert.Equal(NbdError.None, disk.Trim(20 << 20, 20 << 20));
        Assert.False(server.Disk.Bytes.AsSpan().ContainsAnyExcept((byte)0));
        Assert.Equal(NbdError.ENOSPC, disk.Write(40 << 20, new byte[512]));
        disk.Disconnect();
        server.Await(0);
        Assert.Throws<IOException>(() => NbdConnection.Open(server.Address.Path, "other"));
        Assert.Throws<IOException>(() => NbdConnection.Open(server.Address.Path + "x"));
    }

    [Fact]
    public void A_disk_of_another_size_measures_the_requests_of_those_who_had_it_before()
    {
        using var server = new RunningNbd(16 * 512);
        using var client = server.Attach();
        client.Write(15 * 512, new byte[512]);
        Offer(8 * 512);
        Assert.Equal(NbdError.EINVAL, client.Ask(NbdCommand.Read, 8 * 512, 512).Error);
        Assert.Equal(NbdError.EINVAL, client.Ask(NbdCommand.Read, 7 * 512, 1024).Error);
        Assert.Equal(NbdError.ENOSPC, client.Ask(NbdCommand.Write, 8 * 512, 512, payload: new byte[512]).Error);
        Assert.Equal(NbdError.ENOSPC, client.Ask(NbdCommand.WriteZeroes, 7 * 512, 1024).Error);
        Assert.Equal(512, client.Read(7 * 512, 512).Length);
        Offer(12 * 512);
        Assert.Equal(512, client.Read(11 * 512, 512).Length);
        Assert.Equal(NbdError.EINVAL, client.Ask(NbdCommand.Read, 12 * 512, 512).Error);

        void Offer(ulong size)
        {
            using var offered = new ManualResetEventSlim();
            server.OnServer(() =>
            {
                server.OfferSize(size);
                offered.Set();
            });
            Assert.True(offered.Wait(30_000));
        }
    }

    [Fact]
    public void When_the_server_ends_what_is_on_its_way_is_told_so()
    {
        var server = new RunningNbd();
        using var client = server.Attach();
        server.Disk.Holds = true;
        client.Send(NbdClientSocket.Request(NbdCommand.Read, 1, 0, 512));
        client.Send(NbdClientSocket.Request(NbdCommand.Read, 2, 0, 512));
        while (Asked() < 2) Thread.Sleep(1);
        server.Dispose();
        Assert.Equal([NbdError.ESHUTDOWN, NbdError.ESHUTDOWN], new[] { client.Reply(0).Error, client.Reply(0).Error });
        Assert.True(client.IsLeft());

        int Asked()
        {
            lock (server.Disk.Asked) return server.Disk.Asked.Count;
        }
    }
}
