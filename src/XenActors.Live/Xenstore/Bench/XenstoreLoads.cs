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
        new("single reads, 1 connection", "reads", One, t => Repeat(t, BenchClient.Request(XsWireType.Read, $"{Root}/one|"))),
        new("single writes, 1 connection", "writes", One, t => Repeat(t, BenchClient.Request(XsWireType.Write, $"{Root}/one|value"))),
        new("16 connections, 70/30 over 10k keys", "requests", MakeKeys, Mixed),
        new("transactions, 1 connection", "commits", MakePlaces, t => Transactions(t, [0])),
        new("transactions, 8 connections, disjoint", "commits", MakePlaces, t => Transactions(t, [0, 1, 2, 3, 4, 5, 6, 7])),
        new("transactions, 8 connections, conflicting", "commits", MakePlaces, t => Transactions(t, [0, 0, 0, 0, 0, 0, 0, 0])),
        new("1000 watches", "events", MakeWatched, Watched),
        new("directory of 1000 children", "listings", MakeChildren, t => Repeat(t, BenchClient.Request(XsWireType.Directory, $"{Root}/dir|"))),
        new($"a domain's boot ({DomainBoot.Requests} requests, {DomainBoot.Nodes} nodes, {DomainBoot.Transactions} transactions)", "boots", BootLoad.Prepare, BootLoad.Run),
        new("pipelined reads, depth 32", "reads", One, Pipelined),
        new("connect, read, close", "connections", One, Connects),
    ];

    /// <summary>What runs while <see cref="ResidentMost"/> nodes lie in the store.</summary>
    public static readonly BenchLoad AmongMany = new("boots with 100,000 nodes resident", "boots", BootLoad.Prepare, BootLoad.Run);

    /// <summary>How many nodes lie in the store when memory is looked at.</summary>
    public static readonly IReadOnlyList<int> Resident = [0, 10_000, ResidentMost];

    public const int ResidentMost = 100_000;

    public static string Place(int place, int node) => string.Create(CultureInfo.InvariantCulture, $"{Root}/tx/{place}/n{node}");

    private static void One(BenchClient client) => client.Demand(XsWireType.Write, $"{Root}/one|value");

    private static long Repeat(BenchTurn turn, byte[] request)
    {
        using var client = new BenchClient(turn.Address);
        turn.Begin();
        long done = 0;
        for (; !turn.IsOver(done); done++) client.Demand(request);
        return done;
    }

    private static string Key(int key) => string.Create(CultureInfo.InvariantCulture, $"{Root}/keys/{key / 100}/{key % 100}");

    private static void MakeKeys(BenchClient client)
    {
        for (var key = 0; key < Keys; key++) client.Demand(XsWireType.Write, Key(key) + "|value");
    }

    private static long Mixed(BenchTurn turn)
    {
        var reads = Enumerable.Range(0, Keys).Select(k => BenchClient.Request(XsWireType.Read, Key(k) + "|")).ToArray();
        var writes = Enumerable.Range(0, Keys).Select(k => BenchClient.Request(XsWireType.Write, Key(k) + "|value")).ToArray();
        return BenchCrowd.Run(turn, [.. Enumerable.Range(0, 16).Select(client => new MixedScript(reads, writes, client))]);
    }

    private static void MakePlaces(BenchClient client)
    {
        for (var place = 0; place < 8; place++)
        {
            for (var node = 0; node < TransactionScript.Reads; node++) client.Demand(XsWireType.Write, Place(place, node) + "|value");
        }
    }

    private static long Transactions(BenchTurn turn, int[] places) => BenchCrowd.Run(turn, [.. places.Select(place => new TransactionScript(place))]);

    private static string WatchedNode(int node) => string.Create(CultureInfo.InvariantCulture, $"{Root}/watched/{node}");

    private static void MakeWatched(BenchClient client)
    {
        for (var node = 0; node < Watches; node++) client.Demand(XsWireType.Write, WatchedNode(node) + "|value");
    }

    // One connection watches, another writes; each write is waited for as the event that it causes.
    private static long Watched(BenchTurn turn)
    {
        using var watcher = new BenchClient(turn.Address);
        for (var node = 0; node < Watches; node++) watcher.Demand(XsWireType.Watch, $"{WatchedNode(node)}|{node}|");
        // The first events of the watches may still be on their way: a reply comes after them.
        watcher.Demand(XsWireType.Read, WatchedNode(0) + "|");
        using var writer = new BenchClient(turn.Address);
        var writes = Enumerable.Range(0, Watches).Select(n => BenchClient.Request(XsWireType.Write, WatchedNode(n) + "|value")).ToArray();
        turn.Begin();
        long done = 0;
        for (; !turn.IsOver(done); done++)
        {
            writer.Demand(writes[done % Watches]);
            while (watcher.Receive() != XsWireType.WatchEvent)
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

    private static long Pipelined(BenchTurn turn)
    {
        using var client = new BenchClient(turn.Address);
        var one = BenchClient.Request(XsWireType.Read, $"{Root}/one|");
        var all = new byte[Depth * one.Length];
        for (var i = 0; i < Depth; i++) one.CopyTo(all, i * one.Length);
        turn.Begin();
        long done = 0;
        for (; !turn.IsOver(done); done += Depth)
        {
            client.Send(all);
            for (var i = 0; i < Depth; i++) client.DemandReply();
        }

        return done;
    }

    private static long Connects(BenchTurn turn)
    {
        var read = BenchClient.Request(XsWireType.Read, $"{Root}/one|");
        turn.Begin();
        long done = 0;
        for (; !turn.IsOver(done); done++)
        {
            using var client = new BenchClient(turn.Address);
            client.Demand(read);
        }

        return done;
    }
}
