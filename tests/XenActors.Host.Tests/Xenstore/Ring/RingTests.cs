using System.Text;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore.Ring;

namespace XenActors.Tests.Xenstore.Ring;

public sealed class RingTests
{
    private readonly MemoryRingPage page = new();
    private readonly XenstoreRingServer server = new();
    private readonly XenstoreRingGuest guest = new();

    // Both ends take their turns in a random order; messages of all lengths pass in both directions while the indices wrap at 2^32.
    [Theory]
    [InlineData(1, 0u)]
    [InlineData(2, uint.MaxValue - 5000)]
    [InlineData(3, uint.MaxValue)]
    public void Messages_arrive_whole_and_in_order_whoever_works_when(int seed, uint index)
    {
        XenstoreDomainInterface.SetReqCons(page.Bytes, index);
        XenstoreDomainInterface.SetReqProd(page.Bytes, index);
        XenstoreDomainInterface.SetRspCons(page.Bytes, unchecked(index + 100));
        XenstoreDomainInterface.SetRspProd(page.Bytes, unchecked(index + 100));
        var random = new Random(seed);
        var (sent, taken, answered) = (0u, 0u, 0u);
        while (answered < 2000)
        {
            switch (random.Next(5))
            {
                case 0 when sent < 2000:
                    guest.Send(XsWireType.Write, ++sent, sent * 3, Payload(sent));
                    break;
                case 1:
                    guest.Flush(page);
                    break;
                case 2 when server.TryTake(page, out var request, out var payload):
                    Assert.Equal(new XsdSockmsg((uint)XsWireType.Write, ++taken, taken * 3, (uint)payload.Length), request);
                    Assert.Equal(Payload(taken), payload);
                    server.Reply(XsWireType.Write, taken, taken * 3, Payload(taken + 7));
                    break;
                case 3:
                    server.Flush(page);
                    break;
                case 4 when guest.TryTake(page, out var reply, out var payload):
                    Assert.Equal(new XsdSockmsg((uint)XsWireType.Write, ++answered, answered * 3, (uint)payload.Length), reply);
                    Assert.Equal(Payload(answered + 7), payload);
                    break;
            }
        }

        Assert.Equal((XenstoreRingFault.None, XenstoreRingFault.None, 0, 0), (server.Fault, guest.Fault, server.Held, guest.Held));
    }

    [Fact]
    public void Bytes_lie_where_the_header_says()
    {
        guest.Send(XsWireType.Read, 2, 3, "x\0"u8);
        guest.Flush(page);
        byte[] request = [2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, (byte)'x', 0];
        Assert.Equal(request, page.Bytes[..request.Length]);
        Assert.Equal((0u, 18u), (XenstoreDomainInterface.ReqCons(page.Bytes), XenstoreDomainInterface.ReqProd(page.Bytes)));
        Assert.True(server.TryTake(page, out _, out _));
        server.Reply(XsWireType.Read, 2, 3, "value"u8);
        server.Flush(page);
        Assert.Equal("value"u8, page.Bytes.AsSpan(1024 + 16, 5));
        Assert.Equal((18u, 0u, 21u), (XenstoreDomainInterface.ReqCons(page.Bytes), XenstoreDomainInterface.RspCons(page.Bytes), XenstoreDomainInterface.RspProd(page.Bytes)));
    }

    [Fact]
    public void Each_side_is_kicked_once_for_what_changed()
    {
        Assert.False(guest.TakeKick());
        guest.Send(XsWireType.Read, 1, 0, "x\0"u8);
        Assert.False(guest.TakeKick());
        guest.Flush(page);
        Assert.True(guest.TakeKick());
        guest.Flush(page);
        Assert.False(guest.TakeKick());
        Assert.True(server.TryTake(page, out _, out _));
        Assert.True(server.TakeKick());
        Assert.False(server.TryTake(page, out _, out _));
        Assert.False(server.TakeKick());
    }

    [Theory]
    [InlineData(1025u, 0u)]
    [InlineData(0u, 1u)]
    [InlineData(uint.MaxValue, 0u)]
    public void A_guest_distrusts_xenstored_too(uint prod, uint cons)
    {
        XenstoreDomainInterface.SetRspProd(page.Bytes, prod);
        XenstoreDomainInterface.SetRspCons(page.Bytes, cons);
        Assert.False(guest.TryTake(page, out _, out _));
        Assert.Equal(XenstoreRingFault.Indices, guest.Fault);
        guest.Send(XsWireType.Read, 1, 0, "x\0"u8);
        guest.Flush(page);
        Assert.Equal(0u, XenstoreDomainInterface.ReqProd(page.Bytes));
    }

    [Fact]
    public void A_guest_refuses_a_message_beyond_the_limit()
    {
        new XsdSockmsg((uint)XsWireType.Read, 1, 0, XenstoreLimits.PayloadMax + 1).WriteTo(page.Bytes.AsSpan(XenstoreDomainInterface.RspOffset));
        XenstoreDomainInterface.SetRspProd(page.Bytes, 16);
        Assert.False(guest.TryTake(page, out _, out _));
        Assert.Equal(XenstoreRingFault.PayloadTooLong, guest.Fault);
    }

    [Fact]
    public void A_new_connection_begins_when_the_server_grants_it()
    {
        XenstoreDomainInterface.SetReqProd(page.Bytes, 2000);
        Assert.False(server.TryTake(page, out _, out _));
        Assert.Equal(XenstoreRingError.Ringidx, XenstoreRingGuest.ErrorOf(page));
        XenstoreDomainInterface.SetRspProd(page.Bytes, 2000);
        Assert.False(guest.TryTake(page, out _, out _));

        Assert.False(guest.Reconnect(page)); // this daemon never offers it
        XenstoreDomainInterface.SetServerFeatures(page.Bytes, (uint)XenstoreServerFeatures.Reconnection);
        Assert.True(guest.Reconnect(page));
        Assert.True(guest.TakeKick());
        Assert.False(XenstoreRingGuest.IsConnected(page));
        var fresh = new XenstoreRingServer();
        fresh.Introduce(page);
        Assert.True(XenstoreRingGuest.IsConnected(page));
        guest.Send(XsWireType.Read, 1, 0, "x\0"u8);
        guest.Flush(page);
        Assert.True(fresh.TryTake(page, out _, out _));
    }

    // Snapshots may be taken with half a message on its way in each direction.
    [Fact]
    public void Both_ends_are_plain_data()
    {
        var value = new string('v', 3000);
        guest.Send(XsWireType.Write, 1, 0, Encoding.Latin1.GetBytes(value));
        guest.Flush(page);
        Assert.False(server.TryTake(page, out _, out _));
        server.WatchEvent("/a\0t\0"u8);
        for (var i = 0; i < 100; i++) server.Reply(XsWireType.Read, 7, 0, Encoding.Latin1.GetBytes(value[..50]));
        server.WatchEvent("/b\0t\0"u8);
        server.Flush(page);
        Assert.True(server.IsPending("/b\0t\0"u8));
        var (page2, server2, guest2) = (Copy(page), Copy(server), Copy(guest));
        Assert.True(server2.IsPending("/b\0t\0"u8));
        Assert.False(server2.IsPending("/a\0t\0"u8));
        Assert.Equal(Go(page, server, guest), Go(page2, server2, guest2));
    }

    [Fact]
    public void A_guest_that_reads_nothing_holds_a_bounded_queue()
    {
        var token = new byte[1000];
        for (var i = 0; i < 10_000; i++)
        {
            BitConverter.TryWriteBytes(token, i + 1);
            if (!server.IsPending(token)) server.WatchEvent(token);
            Assert.InRange(server.Held, 1, XenstoreRingServer.HeldMax);
        }

        Assert.InRange(server.Held, XenstoreRingServer.HeldMax - 1016, XenstoreRingServer.HeldMax);
        for (var i = 0; i < 100; i++) guest.Send(XsWireType.Read, 1, 0, ""u8);
        guest.Flush(page);
        var taken = 0;
        for (; server.TryTake(page, out _, out _); taken++) server.Reply(XsWireType.Read, 1, 0, new byte[XenstoreLimits.PayloadMax]);
        Assert.Equal(XenstoreRingServer.RepliesMax, taken);
    }

    private static string Go(MemoryRingPage page, XenstoreRingServer server, XenstoreRingGuest guest)
    {
        var seen = new StringBuilder();
        for (var turn = 0; turn < 50; turn++)
        {
            guest.Flush(page);
            if (server.TryTake(page, out var request, out var payload)) seen.Append($"{request} {payload.Length};");
            server.Flush(page);
            while (guest.TryTake(page, out var reply, out payload)) seen.Append($"{reply} {payload.Length};");
        }

        Assert.Contains("3000", seen.ToString(), StringComparison.Ordinal);
        return seen.ToString();
    }

    private static T Copy<T>(T value)
        where T : ICodec<T>
    {
        var buffer = new CodecBuffer();
        var sink = new ByteSink(buffer);
        CodecOf.Encode(in value, ref sink);
        return CodecOf.Decode<T>(buffer.Written);
    }

    private static byte[] Payload(uint number)
    {
        var bytes = new byte[number * 37 % (XenstoreLimits.PayloadMax + 1)];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = unchecked((byte)(number + i));
        return bytes;
    }
}
