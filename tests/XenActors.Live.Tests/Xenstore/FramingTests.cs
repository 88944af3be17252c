using XenActors.Abi;
using XenActors.Live.Xenstore;

namespace XenActors.Tests.Live.Xenstore;

public class FramingTests
{
    /// <summary>A server of whatever kind these outcomes hold for.</summary>
    internal virtual RunningServer Serve(XenstoreServerOptions? options = null) => new(options);

    [Fact]
    public void A_request_may_come_byte_by_byte()
    {
        using var server = Serve();
        using var client = server.Connect();
        foreach (var value in WireClient.Bytes(XsWireType.Write, "/a|1", 3)) client.Send([value]);
        Assert.Equal(new WireMessage(XsWireType.Write, 3, 0, "OK|"), client.Receive());
        foreach (var value in WireClient.Bytes(XsWireType.Read, "/a|", 4)) client.Send([value]);
        Assert.Equal(new WireMessage(XsWireType.Read, 4, 0, "1"), client.Receive());
    }

    [Fact]
    public void Requests_that_come_together_are_answered_in_order()
    {
        using var server = Serve();
        using var client = server.Connect();
        var bytes = new List<byte>();
        for (uint i = 0; i < 500; i++) bytes.AddRange(WireClient.Bytes(XsWireType.Write, $"/a|{i}", i));
        client.Send([.. bytes]);
        for (uint i = 0; i < 500; i++) Assert.Equal(new WireMessage(XsWireType.Write, i, 0, "OK|"), client.Receive());
        Assert.Equal("499", client.Ask(XsWireType.Read, "/a|"));
    }

    [Fact]
    public void Requests_may_be_cut_anywhere()
    {
        using var server = Serve();
        using var client = server.Connect();
        var random = new Random(4);
        var bytes = new List<byte>();
        for (uint i = 0; i < 300; i++) bytes.AddRange(WireClient.Bytes(XsWireType.Write, "/a|" + new string('x', random.Next(4000)), i));
        for (var at = 0; at < bytes.Count;)
        {
            var piece = Math.Min(random.Next(1, 9000), bytes.Count - at);
            client.Send(bytes.GetRange(at, piece).ToArray());
            at += piece;
        }

        for (uint i = 0; i < 300; i++) Assert.Equal(new WireMessage(XsWireType.Write, i, 0, "OK|"), client.Receive());
    }

    [Fact]
    public void The_largest_payload_is_served()
    {
        using var server = Serve();
        using var client = server.Connect();
        var value = new string('v', XenstoreLimits.PayloadMax - 3);
        Assert.Equal("OK|", client.Ask(XsWireType.Write, "/a|" + value));
        Assert.Equal(value, client.Ask(XsWireType.Read, "/a|"));
    }

    [Fact]
    public void A_larger_payload_closes_only_its_socket()
    {
        using var server = Serve();
        using var bystander = server.Connect();
        using var client = server.Connect();
        client.Send([.. WireClient.Bytes(XsWireType.Write, "/a|1"), .. WireClient.Bytes(XsWireType.Write, "/a|" + new string('v', XenstoreLimits.PayloadMax - 2))]);
        Assert.Equal("OK|", client.Receive().Text);
        Assert.True(client.IsClosed());
        Assert.Equal("1", bystander.Ask(XsWireType.Read, "/a|"));
        Assert.Equal(1, server.Counts.Connections);
    }

    [Theory]
    [InlineData(15u)]
    [InlineData(16u)]
    [InlineData(20u)]
    [InlineData(23u)]
    [InlineData(0xffffu)]
    [InlineData(0xffffffffu)]
    public void An_unknown_operation_is_ENOSYS_and_the_connection_goes_on(uint type)
    {
        using var server = Serve();
        using var client = server.Connect();
        client.Send(WireClient.Bytes((XsWireType)type, "/a|", 9, 77));
        Assert.Equal(new WireMessage(XsWireType.Error, 9, 77, "ENOSYS|"), client.Receive());
        Assert.Equal("/local/domain/5|", client.Ask(XsWireType.GetDomainPath, "5|"));
    }

    [Fact]
    public void Values_are_bytes_and_may_be_empty()
    {
        using var server = Serve();
        using var client = server.Connect();
        var all = string.Concat(Enumerable.Range(0, 256).Select(i => (char)i).Where(c => c != '|'));
        client.Ask(XsWireType.Write, "/a|" + all);
        Assert.Equal(all.Replace('\0', '|'), client.Ask(XsWireType.Read, "/a|"));
        client.Ask(XsWireType.Write, "/a|");
        Assert.Equal("", client.Ask(XsWireType.Read, "/a|"));
    }

    [Fact]
    public void An_empty_payload_gets_an_answer()
    {
        using var server = Serve();
        using var client = server.Connect();
        for (uint type = 0; type < 30; type++)
        {
            client.Send(WireClient.Bytes((XsWireType)type, "", type));
            Assert.Equal(type, client.Receive().ReqId);
        }
    }

    [Fact]
    public void A_header_and_silence_hinders_nobody()
    {
        using var server = new RunningServer();
        using var bystander = server.Connect();
        using var client = server.Connect();
        var request = WireClient.Bytes(XsWireType.Write, "/a|late");
        client.Send(request.AsSpan(0, XsdSockmsg.SizeOf));
        Assert.Equal("OK|", bystander.Ask(XsWireType.Write, "/a|early"));
        client.Send(request.AsSpan(XsdSockmsg.SizeOf));
        Assert.Equal("OK|", client.Receive().Text);
        Assert.Equal("late", bystander.Ask(XsWireType.Read, "/a|"));
    }
}
