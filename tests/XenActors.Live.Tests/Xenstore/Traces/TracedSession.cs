using System.Text;
using System.Text.RegularExpressions;
using XenActors.Abi;

namespace XenActors.Tests.Live.Xenstore.Traces;

/// <summary>Clients that ask one after the other, so that a daemon's trace of them has one order.</summary>
/// <param name="connect">Brings a new client.</param>
/// <param name="trace">The file that the daemon writes.</param>
internal sealed class TracedSession(Func<WireClient> connect, string trace)
{
    private readonly List<WireClient> clients = [];
    private int before;
    private int ended;

    /// <summary>Every kind of request, reply, event and end.</summary>
    public void Everything()
    {
        var (a, b, c) = (Connect(), Connect(), Connect());
        before = Regex.Count(File.ReadAllText(trace, Encoding.Latin1), "^DESTROY connection", RegexOptions.Multiline);
        Ask(a, XsWireType.Watch, "/a|tok|", 1);
        Ask(b, XsWireType.Watch, "/a|with space|", 1);
        Ask(c, XsWireType.Write, "/a/b|1");
        Take(a, b);
        Ask(b, XsWireType.Write, "/a/c|line\nfeed \x01\xff|end)\nOUT");
        Take(a);
        Ask(a, XsWireType.Read, "/a/c|");
        Ask(a, XsWireType.TransactionStart, "|");
        Ask(a, XsWireType.Write, "/a/d|1", tx: 1);
        Ask(a, XsWireType.Rm, "/a/b|", tx: 1);
        Ask(a, XsWireType.TransactionEnd, "T|", tx: 1);
        Take(b, b);
        Ask(a, XsWireType.TransactionStart, "|");
        Ask(a, XsWireType.Read, "/a/d|", tx: 2);
        Ask(c, XsWireType.Write, "/a/d|2");
        Take(a, b);
        Ask(a, XsWireType.Write, "/a/d|3", tx: 2);
        Ask(a, XsWireType.TransactionEnd, "T|", tx: 2);
        foreach (var (type, payload) in ((XsWireType, string)[])
            [
                (XsWireType.Read, "/nope|"), ((XsWireType)99, "hello|"), ((XsWireType)20, "x"), (XsWireType.WatchEvent, "x|y|"), (XsWireType.Error, "EINVAL|"), (XsWireType.Directory, "/a|"),
                (XsWireType.GetPerms, "/a|"), (XsWireType.SetPerms, "/nope|n0|"), (XsWireType.SetPerms, "/tool|n0|r5|"), (XsWireType.Mkdir, "/m|"), (XsWireType.GetDomainPath, "5|"), (XsWireType.IsDomainIntroduced, "5|"),
                (XsWireType.Release, "5|"), (XsWireType.Resume, "5|"), (XsWireType.Unwatch, "/a|none|"), (XsWireType.Watch, "relative|t|"), (XsWireType.Write, "relative/x|"), (XsWireType.Read, "relative/x|"),
                (XsWireType.Control, "print|hello|"), (XsWireType.Watch, "/a|tok|"), (XsWireType.Unwatch, "/a|tok|"),
            ]) Ask(a, type, payload, type == XsWireType.Watch && payload[0] == 'r' ? 1 : 0);
        for (var i = 0; i < 3; i++) Ask(c, XsWireType.TransactionStart, "|");
        for (var i = 0; i < 3; i++) Ask(c, XsWireType.Watch, $"/w{i}|{i}|", 1);
        Ask(c, XsWireType.ResetWatches, "|");
        for (var i = 0; i < 3; i++) Ask(c, XsWireType.TransactionStart, "|");
        for (var i = 0; i < 3; i++) Ask(c, XsWireType.Watch, $"/w{i}|{i}|", 1);
        Ask(b, XsWireType.TransactionStart, "|");
        Ask(b, XsWireType.TransactionStart, "|");
        b.Send(WireClient.Bytes(XsWireType.Write, "/a/x|" + new string('v', 4096)));
        Assert.True(b.IsClosed());
        AwaitEnd(() => { });
        AwaitEnd(c.Dispose);
        Settle(a);
        AwaitEnd(a.Dispose);
        Settle(Connect());
    }

    /// <summary>What chance brings; transactions are open one at a time.</summary>
    public void Random(int seed, int steps)
    {
        var random = new Random(seed);
        for (var i = 0; i < 4; i++) Connect();
        var open = new uint[clients.Count];
        for (var i = 0; i < steps; i++)
        {
            var at = random.Next(clients.Count);
            var path = "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => (char)('a' + random.Next(3))));
            var (type, payload) = random.Next(12) switch
            {
                0 or 1 or 2 => (XsWireType.Write, $"{path}|{i}"),
                3 or 4 => (XsWireType.Read, path + "|"),
                5 => (XsWireType.Directory, path + "|"),
                6 => (XsWireType.Rm, path + "|"),
                7 => (XsWireType.SetPerms, $"{path}|n0|r{random.Next(3)}|"),
                8 => (XsWireType.GetPerms, path + "|"),
                9 => (XsWireType.Watch, $"{path}|t{random.Next(3)}|"),
                10 => (XsWireType.Unwatch, $"{path}|t{random.Next(3)}|"),
                _ => open[at] == 0 ? (XsWireType.TransactionStart, "|") : (XsWireType.TransactionEnd, random.Next(3) == 0 ? "F|" : "T|"),
            };
            var reply = Ask(clients[at], type, payload, 0, open[at]);
            if (type == XsWireType.TransactionStart) open[at] = uint.Parse(reply.Text[..^1]);
            if (type == XsWireType.TransactionEnd) open[at] = 0;
        }

        foreach (var client in clients) Settle(client);
        foreach (var client in clients) client.Dispose();
    }

    /// <summary>Requests that do not wait for replies, and the same event again and again.</summary>
    public void Pipelined()
    {
        var (a, b) = (Connect(), Connect());
        Ask(b, XsWireType.Watch, "/p|b|", 1);
        var bytes = new List<byte>(WireClient.Bytes(XsWireType.Watch, "/p|a|"));
        for (var i = 0; i < 300; i++) bytes.AddRange(WireClient.Bytes(XsWireType.Write, $"/p/{i % 3}|{i}"));
        bytes.AddRange(WireClient.Bytes(XsWireType.Read, "/p/0|"));
        a.Send([.. bytes]);
        while (a.Receive().Type != XsWireType.Read)
        {
        }

        Settle(b);
    }

    // A first request, so that the connection is known to be there.
    private WireClient Connect()
    {
        var client = connect();
        clients.Add(client);
        Settle(client);
        return client;
    }

    // A daemon sees the end of a connection when it looks; only its trace tells when it has.
    private void AwaitEnd(Action end)
    {
        end();
        ended++;
        for (var tries = 0; Regex.Count(File.ReadAllText(trace, Encoding.Latin1), "^DESTROY connection ", RegexOptions.Multiline) - ended < before; tries++)
        {
            Assert.True(tries < 2000, "the connection does not end");
            Thread.Sleep(5);
        }
    }

    private static void Settle(WireClient client) => Ask(client, XsWireType.GetDomainPath, "1|");

    // Events of its own come before the reply, a watch's first one behind it.
    private static WireMessage Ask(WireClient client, XsWireType type, string payload, int behind = 0, uint tx = 0)
    {
        client.Send(WireClient.Bytes(type, payload, 7, tx));
        WireMessage message;
        do message = client.Receive();
        while (message.Type == XsWireType.WatchEvent);
        if (message.Type != XsWireType.Error) Take([.. Enumerable.Repeat(client, behind)]);
        return message;
    }

    private static void Take(params WireClient[] clients)
    {
        foreach (var client in clients) Assert.Equal(XsWireType.WatchEvent, client.Receive().Type);
    }
}
