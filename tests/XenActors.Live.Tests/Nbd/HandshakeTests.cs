using System.Buffers.Binary;
using System.Text;
using XenActors.Experiments.Nbd;
using XenActors.Live.Nbd;

namespace XenActors.Tests.Live.Nbd;

public sealed class HandshakeTests
{
    [Fact]
    public void An_export_is_listed_with_its_description()
    {
        using var server = new RunningNbd();
        using var client = server.Connect();
        client.Shake();
        var answers = client.Ask(NbdOption.List, []);
        Assert.Equal((NbdOptionReply.Server, "\0\0\0\nguest/xvdaa disk"), (answers[0].Type, answers[0].Text));
        Assert.Equal([NbdOptionReply.Server, NbdOptionReply.Ack], answers.Select(a => a.Type));
        Assert.Equal(NbdOptionReply.ErrInvalid, client.Ask(NbdOption.List, [1]).Single().Type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("guest/xvda")]
    public void Info_tells_size_flags_and_block_sizes_and_what_was_wished(string name)
    {
        using var server = new RunningNbd(12 * 512);
        using var client = server.Connect();
        client.Shake();
        var answers = client.Ask(NbdOption.Info, NbdClientSocket.InfoData(name, NbdInfo.Description, NbdInfo.Name, (NbdInfo)77));
        Assert.Equal(NbdOptionReply.Ack, answers[^1].Type);
        var infos = answers.Where(a => a.Type == NbdOptionReply.Info).ToDictionary(a => (NbdInfo)BinaryPrimitives.ReadUInt16BigEndian(a.Data), a => a.Data[2..]);
        Assert.Equal(12 * 512UL, BinaryPrimitives.ReadUInt64BigEndian(infos[NbdInfo.Export]));
        var flags = (NbdTransmissionFlags)BinaryPrimitives.ReadUInt16BigEndian(infos[NbdInfo.Export].AsSpan(8));
        Assert.Equal(
            NbdTransmissionFlags.HasFlags | NbdTransmissionFlags.SendFlush | NbdTransmissionFlags.SendFua | NbdTransmissionFlags.SendTrim
            | NbdTransmissionFlags.SendWriteZeroes | NbdTransmissionFlags.SendFastZero | NbdTransmissionFlags.CanMultiConn,
            flags); // SEND_DF must be clear until structured replies are agreed on
        Assert.Equal("guest/xvda", Encoding.UTF8.GetString(infos[NbdInfo.Name]));
        Assert.Equal("a disk", Encoding.UTF8.GetString(infos[NbdInfo.Description]));
        Assert.Equal((512U, 4096U, 1U << 25), (Number(0), Number(4), Number(8)));
        Assert.Equal(4, infos.Count);
        uint Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(infos[NbdInfo.BlockSize].AsSpan(at));

        // Still haggling: the same question with GO leads into the transmission phase.
        Assert.Equal(NbdOptionReply.Ack, client.Ask(NbdOption.StructuredReply, []).Single().Type);
        var go = client.Ask(NbdOption.Go, NbdClientSocket.InfoData(name));
        Assert.True(((NbdTransmissionFlags)BinaryPrimitives.ReadUInt16BigEndian(go[0].Data.AsSpan(10))).HasFlag(NbdTransmissionFlags.SendDf));
        Assert.Equal(NbdOptionReply.Ack, go[^1].Type);
    }

    [Fact]
    public void A_read_only_export_offers_no_writing()
    {
        using var server = new RunningNbd(export: new NbdExport { Name = "x", Size = 0, ReadOnly = true });
        using var client = server.Connect();
        client.Shake();
        var flags = (NbdTransmissionFlags)BinaryPrimitives.ReadUInt16BigEndian(client.Ask(NbdOption.Go, NbdClientSocket.InfoData("x"))[0].Data.AsSpan(10));
        Assert.Equal(NbdTransmissionFlags.HasFlags | NbdTransmissionFlags.ReadOnly | NbdTransmissionFlags.SendFlush | NbdTransmissionFlags.SendFua | NbdTransmissionFlags.CanMultiConn, flags);
        Assert.Equal(NbdError.EPERM, client.Ask(NbdCommand.Write, 0, 512, payload: new byte[512]).Error);
        Assert.Equal(NbdError.EPERM, client.Ask(NbdCommand.WriteZeroes, 0, 512).Error);
        Assert.Equal(NbdError.EPERM, client.Ask(NbdCommand.Trim, 0, 512).Error);
        Assert.Equal(new byte[512], client.Read(0, 512));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Export_name_leads_into_transmission_with_and_without_zeroes(bool zeroes)
    {
        using var server = new RunningNbd();
        using var client = server.Connect();
        client.Shake(zeroes ? NbdClientFlags.FixedNewstyle : NbdClientFlags.FixedNewstyle | NbdClientFlags.NoZeroes);
        client.Send(NbdClientSocket.Option(NbdOption.ExportName, "guest/xvda"u8));
        var told = client.Receive(zeroes ? 134 : 10);
        Assert.Equal(1UL << 20, BinaryPrimitives.ReadUInt64BigEndian(told));
        Assert.All(told[10..], b => Assert.Equal(0, b));
        client.Write(512, [.. Enumerable.Repeat((byte)7, 512)]);
        Assert.Equal(7, server.Disk.Bytes[1023]);
    }

    [Fact]
    public void An_unknown_export_is_an_error_to_go_and_the_end_to_export_name()
    {
        using var server = new RunningNbd();
        using var client = server.Connect();
        client.Shake();
        Assert.Equal(NbdOptionReply.ErrUnknown, client.Ask(NbdOption.Go, NbdClientSocket.InfoData("guest")).Single().Type);
        Assert.Equal(NbdOptionReply.ErrUnknown, client.Ask(NbdOption.Info, NbdClientSocket.InfoData("guest/xvdaa")).Single().Type);
        client.Send(NbdClientSocket.Option(NbdOption.ExportName, "guest/xvdb"u8));
        Assert.True(client.IsLeft());
    }

    [Fact]
    public void Tls_and_unknown_options_are_refused_and_the_haggling_goes_on()
    {
        using var server = new RunningNbd();
        using var client = server.Connect();
        client.Shake();
        Assert.Equal(NbdOptionReply.ErrUnsup, client.Ask(NbdOption.StartTls, []).Single().Type);
        Assert.Equal(NbdOptionReply.ErrUnsup, client.Ask(NbdOption.ExtendedHeaders, []).Single().Type);
        Assert.Equal((NbdOption)4711, client.Ask((NbdOption)4711, new byte[300]).Single().Option);
        Assert.Equal(NbdOptionReply.ErrTooBig, client.Ask((NbdOption)4711, new byte[300_000]).Single().Type);
        Assert.Equal(NbdOptionReply.Ack, client.Ask(NbdOption.Go, NbdClientSocket.InfoData("")).Last().Type);
    }

    [Fact]
    public void Allocation_is_chosen_by_its_whole_name_and_listed_by_its_namespace_too()
    {
        var query = Queries("", "base:allocation");
        using var server = new RunningNbd();
        using var client = server.Connect();
        client.Shake();
        Assert.Equal(NbdOptionReply.ErrInvalid, client.Ask(NbdOption.SetMetaContext, query).Single().Type); // structured replies first
        client.Ask(NbdOption.StructuredReply, []);
        foreach (var listing in new[] { Queries(""), query, Queries("", "base:"), Queries("guest/xvda", "qemu:", "base:") })
        {
            Assert.Equal([(NbdOptionReply.MetaContext, "\0\0\0\0base:allocation"), (NbdOptionReply.Ack, "")], client.Ask(NbdOption.ListMetaContext, listing).Select(a => (a.Type, a.Text)));
        }

        Assert.Equal(NbdOptionReply.Ack, client.Ask(NbdOption.ListMetaContext, Queries("", "base:alloc")).Single().Type);
        Assert.Equal(NbdOptionReply.Ack, client.Ask(NbdOption.SetMetaContext, Queries("")).Single().Type);
        Assert.Equal(NbdOptionReply.Ack, client.Ask(NbdOption.SetMetaContext, Queries("", "base:")).Single().Type);
        Assert.Equal(NbdOptionReply.ErrUnknown, client.Ask(NbdOption.SetMetaContext, Queries("q", "base:allocation")).Single().Type);
        Assert.Equal(NbdOptionReply.ErrInvalid, client.Ask(NbdOption.SetMetaContext, query[..^1]).Single().Type);
        Assert.Equal(NbdOptionReply.ErrInvalid, client.Ask(NbdOption.SetMetaContext, [.. query, 0]).Single().Type);
        Assert.Equal([(NbdOptionReply.MetaContext, "\0\0\0\u0001base:allocation"), (NbdOptionReply.Ack, "")], client.Ask(NbdOption.SetMetaContext, query).Select(a => (a.Type, a.Text)));
        client.Ask(NbdOption.Go, NbdClientSocket.InfoData(""));
        client.Send(NbdClientSocket.Request(NbdCommand.BlockStatus, 5, 512, 4096, NbdCommandFlags.ReqOne));
        Assert.Equal([0x66, 0x8e, 0x33, 0xef, 0, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 16, 0, 0, 0, 0, 0], client.Receive(32));
        foreach (var (offset, length) in new (ulong, uint)[] { (0, 0), ((1 << 20) - 512, 1024), (1, 512) })
        {
            client.Send(NbdClientSocket.Request(NbdCommand.BlockStatus, 5, offset, length));
            Assert.Equal(EINVAL, client.Receive(26));
        }
    }

    [Fact]
    public void A_failed_or_an_empty_choice_leaves_no_context_and_block_status_is_refused()
    {
        foreach (var last in new[] { Queries(""), Queries("q", "base:allocation"), [] })
        {
            using var server = new RunningNbd();
            using var client = server.Connect();
            client.Shake();
            client.Ask(NbdOption.StructuredReply, []);
            client.Ask(NbdOption.SetMetaContext, Queries("", "base:allocation"));
            client.Ask(NbdOption.SetMetaContext, last);
            client.Ask(NbdOption.Go, NbdClientSocket.InfoData(""));
            client.Send(NbdClientSocket.Request(NbdCommand.BlockStatus, 5, 0, 4096));
            Assert.Equal(EINVAL, client.Receive(26));
        }
    }

    private static readonly byte[] EINVAL = [0x66, 0x8e, 0x33, 0xef, 0, 1, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 22, 0, 0];

    private static byte[] Queries(string export, params string[] queries)
    {
        List<byte> data = [0, 0, 0, (byte)export.Length, .. Encoding.ASCII.GetBytes(export), 0, 0, 0, (byte)queries.Length];
        foreach (var query in queries) data.AddRange([0, 0, 0, (byte)query.Length, .. Encoding.ASCII.GetBytes(query)]);
        return [.. data];
    }

    [Fact]
    public void Abort_is_acknowledged_and_ends_the_connection()
    {
        using var server = new RunningNbd();
        using var client = server.Connect();
        client.Shake();
        Assert.Equal(NbdOptionReply.Ack, client.Ask(NbdOption.Abort, [1, 2]).Single().Type);
        Assert.True(client.IsLeft());
        server.Await(0);
    }

    [Fact]
    public void Malformed_options_are_refused()
    {
        using var server = new RunningNbd();
        using var client = server.Connect();
        client.Shake();
        foreach (var data in new byte[][] { [], [0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff, 0, 0], [0, 0, 0, 1, 0, 0] })
        {
            Assert.Equal(NbdOptionReply.ErrInvalid, client.Ask(NbdOption.Go, data).Single().Type);
        }

        Assert.Equal(NbdOptionReply.Ack, client.Ask(NbdOption.StructuredReply, []).Single().Type);
        Assert.Equal(NbdOptionReply.ErrInvalid, client.Ask(NbdOption.StructuredReply, []).Single().Type);
    }

    [Theory]
    [InlineData(4U)]
    [InlineData(0x80000001U)]
    public void A_flag_that_was_not_offered_ends_the_connection(uint flags)
    {
        using var server = new RunningNbd();
        using var client = server.Connect();
        client.Shake((NbdClientFlags)flags);
        Assert.True(client.IsLeft());
    }

    [Fact]
    public void Several_options_may_come_in_one_packet_or_byte_by_byte()
    {
        using var server = new RunningNbd();
        using var client = server.Connect();
        client.Shake();
        byte[] bytes = [.. NbdClientSocket.Option(NbdOption.StructuredReply, []), .. NbdClientSocket.Option(NbdOption.List, []), .. NbdClientSocket.Option(NbdOption.Info, NbdClientSocket.InfoData(""))];
        client.Send(bytes);
        Assert.Single(client.Answers());
        Assert.Equal(2, client.Answers().Count);
        Assert.Equal(3, client.Answers().Count);
        foreach (var b in NbdClientSocket.Option(NbdOption.Go, NbdClientSocket.InfoData(""))) client.Send([b]);
        Assert.Equal(3, client.Answers().Count);
    }

    [Fact]
    public void Whoever_connects_before_there_is_something_to_be_had_is_served_when_there_is()
    {
        using var server = new RunningNbd(offer: false);
        using var client = server.Connect();
        client.Socket.ReceiveTimeout = 100;
        Assert.Throws<System.Net.Sockets.SocketException>(() => client.Socket.Receive(new byte[1]));
        client.Socket.ReceiveTimeout = 30_000;
        Assert.True(server.Listener.Knocked);
        server.OfferNow();
        client.Go(structured: true);
        Assert.Equal(new byte[512], client.Read(0, 512));
    }

    [Fact]
    public void An_address_is_a_path_or_a_port_of_this_machine()
    {
        Assert.Equal(NbdAddress.OfPath("/run/x y"), NbdAddress.Parse("unix:/run/x y"));
        Assert.Equal("nbd+unix:///?socket=/run/x%20y", NbdAddress.OfPath("/run/x y").Uri);
        Assert.Equal("nbd://127.0.0.1:10809", NbdAddress.Parse("127.0.0.1:10809")!.Value.Uri);
        Assert.All(["unix:", "", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "0.0.0.0:1", "localhost:1", "127.0.0.1:+1"], t => Assert.Null(NbdAddress.Parse(t)));
    }

    [Fact]
    public void On_a_port_the_same_is_served()
    {
        using var server = new RunningNbd(tcp: true);
        using var client = server.Attach();
        client.Write(0, [.. Enumerable.Range(0, 1024).Select(i => (byte)(i % 251))]);
        Assert.Equal(server.Disk.Bytes[512..1024], client.Read(512, 512));
    }
}
