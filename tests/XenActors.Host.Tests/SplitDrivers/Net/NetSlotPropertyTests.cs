using XenActors.Abi;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Back;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

/// <summary>Whatever lies in a vif's tx slots: every slot has one answer, or the vif is disabled, and another vif does not notice.</summary>
public sealed class NetSlotPropertyTests
{
    [Fact]
    public void Random_slots_are_answered_or_disable_the_device_and_nothing_else()
    {
        var (bench, random) = (new DeviceBench(), new RandomStream(7, "slots"));
        var good = new ScriptedNetFront(bench, 99);
        good.Connect();
        var traffic = new NetTraffic(bench, good.Vif);
        good.Post(good.Page(readOnly: false), 0);
        var (disabled, whole) = (0, 0);
        for (var number = 0; number < 60; number++)
        {
            var front = new ScriptedNetFront(bench, number);
            front.Connect();
            front.Post(front.Page(readOnly: false), 0);
            uint[] pages = [front.Page(), front.Page(), 4_000_000];
            for (var round = 0; round < 4; round++)
            {
                var slots = 1 + (int)random.Next(24);
                for (var i = 0; i < slots; i++)
                {
                    Put(front, ref random, pages, last: i == slots - 1);
                }

                front.Send();
            }

            var state = bench.Simulator.StateOf<NetbackState>(bench.Simulator.Find($"dom0/xenbus/vif-29-{number}"))!;
            disabled += state.Disabled ? 1 : 0;
            whole += state.Disabled ? 0 : 1;
            Assert.True(state.Disabled || front.Answers().Count == front.Tx.ReqProdPvt, $"vif {number}: {front.Answers().Count} of {front.Tx.ReqProdPvt}");
            Assert.True(front.Answers().Count <= front.Tx.ReqProdPvt);
            Assert.False(state.FromGuest.Copying);
        }

        Assert.True(disabled > 5 && whole > 5, $"{disabled} disabled, {whole} not");
        var frame = NetTraffic.Frame(500, MacAddress.Broadcast, NetTraffic.Guest);
        Assert.Equal([new(4, NetifStatus.Okay)], good.Put(good.Page(frame), 0, 500, id: 4).Send());
        Assert.Equal(frame, traffic.Arrived[^1]);
    }

    [Fact]
    public void A_ring_of_random_bytes_stops_nobody()
    {
        var (bench, random) = (new DeviceBench(), new RandomStream(8, "bytes"));
        for (var number = 0; number < 30; number++)
        {
            var front = new ScriptedNetFront(bench, number);
            front.Connect();
            var slots = new byte[256 * NetifTxRequest.SizeOf];
            for (var i = 0; i < slots.Length; i++)
            {
                slots[i] = (byte)random.Next(256);
            }

            front.Driver.Tell(front.Backend, new RequestsPublished(front.TxRef, 0, 1 + (uint)random.Next(300), slots));
            front.Driver.Tell(front.Backend, new RequestsPublished(front.RxRef, (uint)random.Next(300), (uint)random.Next(2000), slots));
            Assert.False(bench.Simulator.Find($"dom0/xenbus/vif-29-{number}").IsNone);
        }
    }

    private static void Put(ScriptedNetFront front, ref RandomStream random, uint[] pages, bool last)
    {
        var flags = !last && random.NextChance(0.6) ? NetTxFlags.MoreData : NetTxFlags.None;
        flags |= random.NextChance(0.1) ? NetTxFlags.DataValidated : NetTxFlags.None;
        var size = random.NextChance(0.1) ? 0 : random.NextChance(0.3) ? (int)random.Next(4096) : 60 + (int)random.Next(200);
        var offset = random.NextChance(0.01) ? (int)random.Next(65536) : 0;
        front.Put(pages[random.Next(pages.Length)], offset, random.NextChance(0.2) ? size * 8 : size, flags, (int)random.Next(256));
    }
}
