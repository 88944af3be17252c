using XenActors.Abi;
using XenActors.Live.Native;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>Many clients at once, each with one request on its way, on one thread: the daemon is to be what is slow, not the clients' scheduling.</summary>
internal static class BenchCrowd
{
    public static long Run(BenchTurn turn, IReadOnlyList<IBenchScript> scripts)
    {
        var clients = new List<BenchClient>();
        try
        {
            foreach (var _ in scripts) clients.Add(new BenchClient(turn.Address));
            using var epoll = new Epoll();
            for (var i = 0; i < clients.Count; i++) epoll.Add(clients[i].Descriptor, Epoll.In | Epoll.Edge, i);
            turn.Begin();
            for (var i = 0; i < clients.Count; i++) clients[i].Send(scripts[i].Next());
            return Serve(turn, epoll, clients, scripts);
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    private static long Serve(BenchTurn turn, Epoll epoll, List<BenchClient> clients, IReadOnlyList<IBenchScript> scripts)
    {
        long done = 0;
        while (!turn.IsOver(done))
        {
            var count = epoll.Poll(BenchClient.AwakeMicroseconds);
            if (count == 0) count = epoll.Wait(BenchClient.TimeoutSeconds * 1000);
            if (count == 0) throw clients[0].Silent();
            for (var i = 0; i < count; i++)
            {
                var who = epoll[i].Data;
                var type = clients[who].Receive();
                if (type == XsWireType.WatchEvent) continue;
                if (scripts[who].Take(type, clients[who].Payload)) done++;
                clients[who].Send(scripts[who].Next());
            }
        }

        return done;
    }
}
