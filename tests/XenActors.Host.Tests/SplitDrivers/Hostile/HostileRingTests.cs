using XenActors.Abi;
using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

/// <summary>Random bytes and indices through a ring, in both directions.</summary>
public sealed class HostileRingTests
{
    private readonly DeviceBench bench = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void No_published_request_stops_blkback(int seed)
    {
        var random = new Random(seed);
        var vbd = new ScriptedVbdFront(bench, 768, seed % 2 == 0 ? BlkifLayout.X86_64 : BlkifLayout.X86_32).Connected();
        var size = seed % 2 == 0 ? 112 : 108;
        var buffer = vbd.Buffer();
        var at = 0u;
        for (var i = 0; i < 400; i++)
        {
            // Mostly indices that the backend believes, so that it gets to the bytes.
            var count = (uint)random.Next(4);
            var slots = new byte[count * size];
            random.NextBytes(slots);
            for (var s = 0; s < (int)count; s++)
            {
                slots[s * size] = (byte)random.Next(5);
                slots[(s * size) + 1] = (byte)random.Next(13);
                slots[(s * size) + size - 88] = (byte)buffer;
                slots.AsSpan((s * size) + size - 87, 3).Clear();
            }

            vbd.Driver.Say(vbd.Backend, new RequestsPublished(vbd.RingRef, at, at + count, slots));
            at += count;
            bench.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(random.Next(200)));
        }

        for (var i = 0; i < 50; i++)
        {
            var slots = new byte[random.Next(5) * 56];
            vbd.Driver.Say(vbd.Backend, new RequestsPublished((uint)random.Next(9), (uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32), slots));
            bench.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(50));
        }

        bench.Run();
        var second = new ScriptedVbdFront(bench, 832).Connected();
        Assert.Equal(BlkifStatus.Okay, second.Ask(BlkifOp.Read, 0, 1, new Segment(second.Buffer(), 0, 7)).Status);
        Assert.Equal(0, bench.Grants(DeviceBench.Guest).Entries[buffer].Pins);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void No_published_response_stops_blkfront(int seed)
    {
        var random = new Random(seed);
        var guest = new ScriptedGuest(bench);
        var reads = 0;
        guest.Boot(true, 0, "vbd");
        for (var number = 0; number < 6; number++)
        {
            var vbd = new ScriptedVbdBack(bench, 768 + (number > 1 ? 51712 - 768 + (number * 16) : number * 64)).Create().State(2).Connect();
            var disk = guest.Kernel.Last<DiskAppeared>().Driver;
            var at = 0u;
            for (var i = 0; i < 60; i++)
            {
                for (var n = random.Next(4); n > 0; n--)
                {
                    guest.Kernel.Say(disk, BlockRequest.Read(++reads, (ulong)random.Next(200), (uint)random.Next(1, 30)));
                }

                bench.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(random.Next(20)));
                var count = (uint)random.Next(3);
                var slots = new byte[count * 112];
                for (var s = 0; s < (int)count; s++)
                {
                    new BlkifResponse((ulong)(at + s + random.Next(2)), (BlkifOp)(random.Next(9) / 8), (BlkifStatus)random.Next(-2, 1)).WriteTo(slots.AsSpan(s * 112));
                }

                var to = random.Next(20) == 0 ? (uint)random.NextInt64(1L << 32) : at + count;
                vbd.Driver.Say(vbd.Frontend, new ResponsesPublished(vbd.RingRef, at, to, slots));
                at += count;
            }

            bench.Run();
            vbd.Driver.Tell(vbd.Frontend, new ResponsesPublished(vbd.RingRef, 0, uint.MaxValue, []));
        }

        bench.Run();
        Assert.Equal("3", new ScriptedVbdBack(bench, 51952).Create().State(2).FrontState);
    }
}
