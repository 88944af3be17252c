using System.Globalization;
using XenActors.Abi;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>The loads, one method each.</summary>
internal static class XenstoreLoads
{
    public const string Root = "/xenactors-bench";

    private const int Keys = 10_000;
    private const int Children = 1000;
    private const int Watches = 1000;
    private const int Depth = 32;

    public static readonly IReadOnlyList<BenchLoad> All =
    [
        new("single reads, 1 connection", "reads", 1, One, (t, c) => Repeat(t, c, BenchClient.Request(XsWireType.Read, $"{Root}/one|"))),
        new("single writes, 1 connection", "writes", 1, One, (t, c) => Repeat(t, c, BenchClient.Request(XsWireType.Write, $"{Root}/one|value"))),
        new("16 connections, 70/30 over 10k keys", "requests", 16, MakeKeys, Mixed),
        new("transactions, 1 connection", "commits", 1, MakePlaces, (t, c) => Transactions(t, c, t.Index)),
        new("transactions, 8 connections, disjoint", "commits", 8, MakePlaces, (t, c) => Transactions(t, c, t.Index)),
        new("transactions, 8 connections, conflicting", "commits", 8, MakePlaces, (t, c) => Transactions(t, c, 0)),
        new("1000 watches", "events", 1, MakeWatched, Watched),
        new("directory of 1000 children", "listings", 1, MakeChildren, (t, c) => Repeat(t, c, BenchClient.Request(XsWireType.Directory, $"{Root}/dir|"))),
        new("pipelined reads, depth 32", "reads", 1, One, Pipelined),
        new("connect, read, close", "connections", 1, One, Connects),
    ];

    private static void One(BenchClient client) => client.Demand(XsWireType.Write, $"{Root}/one|value");

    private static long Repeat(BenchTurn turn, BenchClient client, byte[] request)
    {
        turn.Begin();
        long done = 0;
        for (; !turn.Over; done++) client.Demand(request);
        return done;
    }

    private static string Key(int key) => string.Create(CultureInfo.InvariantCulture, $"{Root}/keys/{key / 100}/{key % 100}");

    private static void MakeKeys(BenchClient client)
    {
        for (var key = 0; key < Keys; key++) client.Demand(XsWireType.Write, Key(key) + "|value");
    }

    private static long Mixed(BenchTurn turn, BenchClient client)
    {
        var reads = new byte[Keys][];
        var writes = new byte[Keys][];
        for (var key = 0; key < Keys; key++)
        {
            (reads[key], writes[key]) = (BenchClient.Request(XsWireType.Read, Key(key) + "|"), BenchClient.Request(XsWireType.Write, Key(key) + "|value"));
        }

        var random = new Random(turn.Index); // the same keys in every run
        turn.Begin();
        long done = 0;
        for (; !turn.Over; done++)
        {
            var key = random.Next(Keys);
            client.Demand(random.Next(10) < 7 ? reads[key] : writes[key]);
        }

        return done;
    }

    private static string Place(int place, int node) => string.Create(CultureInfo.InvariantCulture, $"{Root}/tx/{place}/n{node}");

    private static void MakePlaces(BenchClient client)
    {
        for (var place = 0; place < 8; place++)
        {
            for (var node = 0; node < 10; node++) client.Demand(XsWireType.Write, Place(place, node) + "|value");
        }
    }

    // Start, ten reads, five writes, commit; what meets EAGAIN is not counted.
    private static long Transactions(BenchTurn turn, BenchClient client, int place)
    {
        var begin = BenchClient.Request(XsWireType.TransactionStart, "|");
        byte[][] inside =
        [
            .. Enumerable.Range(0, 10).Select(n => BenchClient.Request(XsWireType.Read, Place(place, n) + "|")),
            .. Enumerable.Range(0, 5).Select(n => BenchClient.Request(XsWireType.Write, Place(place, n) + "|value")),
            BenchClient.Request(XsWireType.TransactionEnd, "T|"),
        ];
        turn.Begin();
        long done = 0;
        while (!turn.Over)
        {
            client.Demand(begin);
            var id = uint.Parse(client.Payload.TrimEnd((byte)0), NumberStyles.None, CultureInfo.InvariantCulture);
            for (var i = 0; i < inside.Length; i++)
            {
                BitConverter.TryWriteBytes(inside[i].AsSpan(XsdSockmsg.TxIdOffset), id);
                if (i < inside.Length - 1) client.Demand(inside[i]);
                else done += client.Ask(inside[i]) ? 1 : 0;
            }
        }

        return done;
    }

    private static string WatchedNode(int node) => string.Create(CultureInfo.InvariantCulture, $"{Root}/watched/{node}");

    private static void MakeWatched(BenchClient client)
    {
        for (var node = 0; node < Watches; node++) client.Demand(XsWireType.Write, WatchedNode(node) + "|value");
    }

    // One connection watches, another writes; each write is waited for as the event that it causes.
    private static long Watched(BenchTurn turn, BenchClient client)
    {
        for (var node = 0; node < Watches; node++) client.Demand(XsWireType.Watch, $"{WatchedNode(node)}|{node}|");
        // The first events of the watches may still be on their way: a reply comes after them.
        client.Demand(XsWireType.Read, WatchedNode(0) + "|");
        using var writer = new BenchClient(turn.Address);
        var writes = Enumerable.Range(0, Watches).Select(n => BenchClient.Request(XsWireType.Write, WatchedNode(n) + "|value")).ToArray();
        turn.Begin();
        long done = 0;
        for (; !turn.Over; done++)
        {
            writer.Demand(writes[done % Watches]);
            while (client.Receive() != XsWireType.WatchEvent)
            {
            }
        }

        return done;
    }

    private static void MakeChildren(BenchClient client)
    {
        for (var child = 0; child < Children; child++)
        {
            client.Demand(XsWireType.Write, string.Create(CultureInfo.InvariantCulture, $"{Root}/dir/{child}|"));
        }
    }

    private static long Pipelined(BenchTurn turn, BenchClient client)
    {
        var one = BenchClient.Request(XsWireType.Read, $"{Root}/one|");
        var all = new byte[Depth * one.Length];
        for (var i = 0; i < Depth; i++) one.CopyTo(all, i * one.Length);
        turn.Begin();
        long done = 0;
        for (; !turn.Over; done += Depth)
        {
            client.Send(all);
            for (var i = 0; i < Depth; i++) client.Receive();
        }

        return done;
    }

    private static long Connects(BenchTurn turn, BenchClient client)
    {
        var read = BenchClient.Request(XsWireType.Read, $"{Root}/one|");
        turn.Begin();
        long done = 0;
        for (; !turn.Over; done++)
        {
            using var another = new BenchClient(turn.Address);
            another.Demand(read);
        }

        return done;
    }
}
