using XenActors.Abi;

namespace XenActors.Tests.Live.Xenstore;

/// <summary>What clients cost, and that it comes back when they leave. Alone in the process, which is what is measured.</summary>
[Collection(Alone)]
public sealed class MemoryTests
{
    internal const string Alone = "alone in the process";

    private const long MiB = 1024 * 1024;

    [Fact]
    public void A_silent_client_with_half_a_packet_costs_a_buffer()
    {
        const int Clients = 300;
        using var server = new RunningServer();
        var half = WireClient.Bytes(XsWireType.Write, "/a|" + new string('v', XenstoreLimits.PayloadMax - 3)).AsSpan(0, XsdSockmsg.SizeOf + XenstoreLimits.PayloadMax - 1).ToArray();
        using (server.Connect()) Assert.Equal(1, server.Counts.Connections);
        var before = GC.GetTotalMemory(true);
        var silent = Enumerable.Range(0, Clients).Select(_ => server.Connect()).ToList();
        foreach (var client in silent) client.Send(half);
        Assert.Equal(Clients, server.Counts.Connections);
        Assert.InRange(GC.GetTotalMemory(true) - before, 0, Clients * 20 * 1024 + 2 * MiB);
        foreach (var client in silent) client.Dispose();
        silent.Clear();
        Assert.Equal(default, server.Counts);
        Assert.InRange(GC.GetTotalMemory(true) - before, -MiB, 6 * MiB); // the server keeps 256 buffers for the next ones
    }

    [Fact]
    public void Fuzzed_packets_leave_no_memory_behind()
    {
        var store = new CountingStore();
        using var server = new RunningServer(store: store);
        var random = new Random(5);
        var before = Measure(30_000);
        var after = Measure(90_000);
        Assert.InRange(after - before, -8 * MiB, 3 * MiB); // a leak of 40 bytes a packet would not pass

        // The heap once some more packets have been handled, and the nodes that they left have been removed.
        long Measure(int packets)
        {
            for (var until = store.Handled + packets; store.Handled < until;) FuzzTests.Attack(server, random);
            Assert.Equal(default, server.Counts);
            using (var client = server.Connect())
            {
                foreach (var name in client.Ask(XsWireType.Directory, "/|").Split('|', StringSplitOptions.RemoveEmptyEntries)) client.Ask(XsWireType.Rm, $"/{name}|");
                Assert.Equal("", client.Ask(XsWireType.Directory, "/|"));
            }

            Assert.Equal(default, server.Counts);
            return GC.GetTotalMemory(true);
        }
    }
}
