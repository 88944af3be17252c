using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block.Back;
using XenActors.SplitDrivers.Block.Front;
using XenActors.Xenbus;

namespace XenActors.Tests.SplitDrivers;

/// <summary>What is negotiated, and what becomes of a disk whose size, backend or domain changes.</summary>
public sealed class VbdLifeTests
{
    [Fact]
    public void Queues_and_pages_are_the_smaller_of_what_both_ends_can_and_stand_in_the_store_as_Linux_writes_them()
    {
        var bench = new VbdBench(vcpus: 3, queues: 4, pageOrder: 1, offers: ("multi-queue-max-queues", "8"));
        Assert.Equal(
            [
                "ring-page-order", "multi-queue-num-queues", "queue-0", "queue-0/ring-ref0", "queue-0/ring-ref1", "queue-0/event-channel",
                "queue-1", "queue-1/ring-ref0", "queue-1/ring-ref1", "queue-1/event-channel",
                "queue-2", "queue-2/ring-ref0", "queue-2/ring-ref1", "queue-2/event-channel", "protocol", "feature-persistent",
            ],
            bench.Bench.Keys(bench.Vbd.Front).Skip(5));
        Assert.Equal("3", bench.Bench.Value(bench.Vbd.Front + "/multi-queue-num-queues"));
        Assert.Equal(192u, bench.Vbd.Disk.Limits.QueueDepth);
        Assert.Contains("xen-blkback: backend/vbd/29/51712: using 3 queues, protocol 1 (x86_64-abi) persistent grants", bench.Bench.BackLog);
        for (var i = 0; i < 30; i++)
        {
            var data = VbdPair.Pattern(4, i);
            bench.Vbd.Write((ulong)i * 4, data);
            Assert.Equal(data, bench.Vbd.Read((ulong)i * 4, 4));
        }

        Assert.All(bench.Vbd.BackState.Rings, r => Assert.Equal(20, r.ReadRequests + r.WriteRequests));
    }

    [Theory]
    [InlineData(2, 4, 1)]
    [InlineData(0, 4, 0)]
    [InlineData(4, 3, 3)]
    public void A_ring_has_no_more_pages_than_the_backend_offers(int wanted, int offered, int used)
    {
        var bench = new VbdBench(pageOrder: wanted == 2 ? 1 : wanted, offers: ("max-ring-page-order", $"{offered}"));
        Assert.Equal(32 << used, bench.Vbd.BackState.Rings[0].Ring!.Entries);
        var data = VbdPair.Pattern(128, 1);
        bench.Vbd.Write(0, data);
        Assert.Equal(data, bench.Vbd.Read(0, 128));
    }

    [Fact]
    public void A_request_on_every_slot_of_every_queue_is_answered()
    {
        var bench = new VbdBench(vcpus: 2, queues: 2, pageOrder: 2, offers: ("multi-queue-max-queues", "2"));
        for (var i = 0; i < 400; i++)
        {
            bench.Vbd.Say(BlockOperation.Read, (ulong)(i % 100), (uint)(1 + (i % 28)));
        }

        bench.Bench.Run(200);
        Assert.Equal(400, bench.Vbd.Done.Select(d => d.Cookie).Distinct().Count());
        Assert.All(bench.Vbd.Done, d => Assert.Equal((BlockStatus.Ok, ((d.Cookie - 1) % 100) & 0xFF), (d.Status, d.Data[0])));
    }

    [Fact]
    public void No_more_than_1056_pages_stay_mapped_and_room_is_made()
    {
        var bench = new VbdBench(pageOrder: 2);
        for (var i = 0; i < 100; i++)
        {
            bench.Vbd.Say(BlockOperation.Read, 0, 128);
        }

        bench.Bench.Run(50);
        var persistent = bench.Vbd.BackState.Rings[0].Persistent;
        Assert.Equal(100, bench.Vbd.Done.Count(d => d.Ok && d.Data[127 * 512] == 127));
        Assert.Equal((PersistentGrants.Max, true), (persistent.Count, persistent.Overflown));
        Assert.Equal(PersistentGrants.Max + 4, bench.Bench.Grants(DeviceBench.Guest).Mappings.Count);
        bench.Bench.Run(100);
        Assert.Equal((PersistentGrants.Max - 50, false), (persistent.Count, persistent.Overflown));
        bench.Detach();
        Assert.Equal("", bench.Leftovers());
    }

    [Fact]
    public void A_disk_that_grows_or_shrinks_says_so()
    {
        var bench = new VbdBench();
        Assert.Equal(BlockStatus.Ok, bench.Vbd.Ask(BlockOperation.Read, 100, 8).Status);
        bench.Bench.Operator.Say(bench.Vbd.BackActor, new DiskResized(bench.Vbd.BackState.VolumeId, 64));
        bench.Bench.Run();
        Assert.Equal("64", bench.Bench.Value(bench.Vbd.Back + "/sectors"));
        Assert.Contains("xen-blkback: VBD Resize: new size 64", bench.Bench.BackLog);
        Assert.Contains("Setting capacity to 64", bench.Guest.Log);
        Assert.Contains("xvda: detected capacity change from 128 to 64", bench.Guest.Log);
        Assert.Equal(64UL, bench.Guest.Kernel.Last<DiskChanged>().Sectors);
        Assert.Equal(BlockStatus.IoError, bench.Vbd.Ask(BlockOperation.Read, 100, 8).Status);
        Assert.Equal(BlockStatus.Ok, bench.Vbd.Ask(BlockOperation.Read, 63, 1).Status);
    }

    [Fact]
    public void A_resumed_domain_sends_again_what_was_in_flight()
    {
        var bench = new VbdBench();
        var written = new List<byte[]>();
        for (var i = 0; i < 40; i++)
        {
            written.Add(VbdPair.Pattern(3, i));
            bench.Vbd.Say(BlockOperation.Write, (ulong)i * 3, 3, written[i]);
        }

        bench.Bench.Simulator.RunFor(VirtualDuration.FromMicroseconds(30));
        Assert.Empty(bench.Vbd.Done);
        var old = bench.Vbd.BackState.Rings[0].Port;
        bench.Bench.Operator.Say(bench.Vbd.FrontActor, new DeviceResumed());
        bench.Bench.Rm(bench.Vbd.Back);
        bench.Vbd.Create(front: false);
        bench.Bench.Run(50);
        Assert.Equal("4", bench.Bench.Value(bench.Vbd.Front + "/state"));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), bench.Vbd.Done.Select(d => d.Cookie).Order());
        Assert.All(bench.Vbd.Done, d => Assert.Equal(BlockStatus.Ok, d.Status));
        Assert.Equal(written.SelectMany(w => w), bench.Vbd.Read(0, 120));
        Assert.NotEqual(0u, old);
        bench.Detach();
        Assert.Equal("", bench.Leftovers());
    }

    [Fact]
    public void A_backend_that_is_unbound_and_bound_again_goes_on_with_the_ring()
    {
        var bench = new VbdBench();
        bench.Vbd.Write(0, VbdPair.Pattern(16, 1));
        bench.Vbd.Say(BlockOperation.Read, 3, 8);
        bench.Bench.Simulator.RunFor(VirtualDuration.FromMicroseconds(10));
        bench.Bench.Rm(bench.Vbd.Back);
        Assert.Equal(2, bench.Vbd.Done.Count);
        var data = VbdPair.Pattern(100, 2);
        bench.Vbd.Say(BlockOperation.Write, 10, 100, data);
        var read = bench.Vbd.Say(BlockOperation.Read, 3, 8);
        bench.Bench.Run();
        Assert.Equal(2, bench.Vbd.Done.Count);
        bench.Vbd.Create(front: false);
        bench.Bench.Run();
        Assert.Equal(("4", "4"), (bench.Bench.Value(bench.Vbd.Front + "/state"), bench.Bench.Value(bench.Vbd.Back + "/state")));
        Assert.True(Assert.Single(bench.Vbd.Done, d => d.Cookie == read).Ok);
        Assert.Equal(data, bench.Vbd.Read(10, 100));
        bench.Detach();
        Assert.Equal("", bench.Leftovers());
    }

    [Fact]
    public void A_disk_that_is_taken_away_with_requests_in_flight_answers_each_once()
    {
        var bench = new VbdBench();
        for (var i = 0; i < 60; i++)
        {
            bench.Vbd.Say(BlockOperation.Read, (ulong)i, 8);
        }

        bench.Bench.Simulator.RunFor(VirtualDuration.FromMicroseconds(30));
        bench.Detach();
        Assert.Equal(Enumerable.Range(1, 60).Select(i => (long)i), bench.Vbd.Done.Select(d => d.Cookie).Order());
        Assert.Contains(bench.Vbd.Done, d => d.Ok);
        Assert.Equal("", bench.Leftovers());
        Assert.Single(bench.Guest.Kernel.All<DiskGone>());
    }

    [Fact]
    public void A_frontend_that_comes_again_after_Closed_is_served_anew()
    {
        var bench = new DeviceBench();
        var vbd = new ScriptedVbdFront(bench).Connected();
        vbd.State(6);
        Assert.Equal("6", vbd.BackState);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
        vbd.State(1);
        Assert.Equal("2", vbd.BackState);
        Assert.Contains("xen-blkback: backend/vbd/29/768: prepare for reconnect", bench.BackLog);
        vbd.Initialise().State();
        Assert.Equal("4", vbd.BackState);
        Assert.Equal(Abi.BlkifStatus.Okay, vbd.Ask(Abi.BlkifOp.Read, 3, 1, new Segment(vbd.Buffer(), 0, 0)).Status);
    }

    [Theory]
    [InlineData("mainline-2.6.36")]
    [InlineData("unmodified-2.6.18")]
    public void A_kernel_without_flushes_uses_barriers(string kernel)
    {
        var bench = new DeviceBench();
        var guest = new ScriptedGuest(bench, kernel);
        guest.Boot(true, 0, "vbd");
        var vbd = new VbdPair(bench, guest);
        Assert.True(vbd.Disk.Limits.Fua);
        Assert.Equal(88u, vbd.Disk.Limits.MaxSectors);
        Assert.Equal(BlockStatus.Ok, vbd.Ask(BlockOperation.Flush, 0, 0).Status);
        Assert.Equal(1, bench.Volumes.Flushes);
        Assert.Equal(BlkifState.Connected, vbd.FrontState.Connected);
    }
}
