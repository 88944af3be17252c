using XenActors.Abi;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>
/// What arrives in pieces, too long or not at all is met by our socket as by Debian's daemon. Left out is a header alone: the daemon then waits
/// for the payload and serves nobody; <see cref="FramingTests"/> has it.
/// </summary>
public sealed class FramingDifferentialTests
{
    [DebianFact(DebianNeeds.Daemon)]
    public void A_request_may_be_cut_at_each_byte() => Agree(connect =>
    {
        using var client = connect();
        using var bystander = connect();
        var said = new List<string>();
        var length = WireClient.Bytes(XsWireType.Write, "/a|value").Length;
        foreach (var cut in Enumerable.Range(1, length - 1).Where(cut => cut != XsdSockmsg.SizeOf))
        {
            var request = WireClient.Bytes(XsWireType.Write, $"/a|{cut:d5}", (uint)cut);
            client.Send(request.AsSpan(0, cut));
            said.Add(bystander.Ask(XsWireType.Read, "/a|")); // an answer means that the first part has been looked at
            client.Send(request.AsSpan(cut));
            said.Add($"{client.Receive()} {bystander.Ask(XsWireType.Read, "/a|")}");
        }

        return said;
    });

    [DebianTheory(DebianNeeds.Daemon)]
    [InlineData(4096u)]
    [InlineData(4097u)]
    [InlineData(65536u)]
    [InlineData(0x7fffffffu)]
    [InlineData(0x80000000u)]
    [InlineData(0xffffffffu)]
    public void A_length_over_4096_closes_the_socket(uint length) => Agree(connect =>
    {
        using var client = connect();
        using var bystander = connect();
        var said = new List<string> { client.Ask(XsWireType.Watch, "/a|t|"), client.Receive().Text, client.Ask(XsWireType.TransactionStart, "|") };
        var header = new byte[XsdSockmsg.SizeOf];
        new XsdSockmsg((uint)XsWireType.Write, 1, 0, length).WriteTo(header);
        if (length > XenstoreLimits.PayloadMax)
        {
            client.Send(header);
            said.Add($"{client.IsClosed()}");
        }
        else
        {
            client.Send([.. header, .. "/a\0"u8, .. new byte[length - 3]]);
            said.AddRange([client.Receive().Text, client.Receive().Text]);
        }

        said.Add(bystander.Ask(XsWireType.Read, "/a|"));
        return said;
    });

    [DebianFact(DebianNeeds.Daemon)]
    public void Half_a_header_and_silence_hinders_nobody() => Agree(connect =>
    {
        var silent = Enumerable.Range(1, XsdSockmsg.SizeOf + 3).Where(length => length != XsdSockmsg.SizeOf).Select(length =>
        {
            var client = connect();
            client.Send(WireClient.Bytes(XsWireType.Write, "/never|1").AsSpan(0, length));
            return client;
        }).ToList();
        using var bystander = connect();
        var said = new List<string>
        {
            bystander.Ask(XsWireType.Watch, "/|t|"), bystander.Receive().Text, bystander.Ask(XsWireType.Write, "/a|1"), bystander.Receive().Text,
        };
        // One says the rest after all; the others leave.
        silent[^1].Send(WireClient.Bytes(XsWireType.Write, "/never|1").AsSpan(XsdSockmsg.SizeOf + 3));
        said.Add(silent[^1].Receive().Text);
        said.Add(bystander.Receive().Text);
        foreach (var client in silent) client.Dispose();
        said.Add(bystander.Ask(XsWireType.Directory, "/|"));
        return said;
    });

    [DebianFact(DebianNeeds.Daemon)]
    public void Requests_sent_together_are_answered_in_order_with_their_events_between() => Agree(connect =>
    {
        using var client = connect();
        client.Send([
            .. WireClient.Bytes(XsWireType.Watch, "/p|t|", 1), .. WireClient.Bytes(XsWireType.Write, "/p/a|1", 2), .. WireClient.Bytes(XsWireType.Read, "/p/a|", 3),
            .. WireClient.Bytes((XsWireType)99, "", 4), .. WireClient.Bytes(XsWireType.Mkdir, "/p/b|", 5), .. WireClient.Bytes(XsWireType.Unwatch, "/p|t|", 6),
            .. WireClient.Bytes(XsWireType.Read, "/p/a|", 7),
        ]);
        return Enumerable.Range(0, 10).Select(_ => client.Receive().ToString()).ToList();
    });

    private static void Agree(Func<Func<WireClient>, List<string>> story)
    {
        using var real = new RealXenstored();
        using var ours = new RunningServer();
        Assert.Equal(story(real.Connect), story(ours.Connect));
        Assert.False(real.HasExited);
        Assert.Equal(default, ours.Counts);
    }
}
