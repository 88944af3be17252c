using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Guest.Block.Outside;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.Machine;

/// <summary>What drivers' hypercalls and copies take of their domains' vCPUs, with round figures; the store's own work is the same with and without.</summary>
public sealed class DriverCostTests
{
    private static readonly VirtualDuration Unit = VirtualDuration.FromMicroseconds(100);

    // dom0's vCPUs with these costs, less what the same took without any.
    private static VirtualDuration Dom0(HostCosts costs, Action<DeviceBench> history)
    {
        var (with, without) = (new DeviceBench(costs: costs), new DeviceBench());
        var before = with.Worked(0) - without.Worked(0);
        history(with);
        history(without);
        return with.Worked(0) - without.Worked(0) - before;
    }

    private static void Disk(DeviceBench bench, bool detach)
    {
        var guest = new ScriptedGuest(bench).Boot(true, 0, "vbd");
        var vbd = new VbdPair(bench, guest);
        Assert.Equal("4", bench.Value(vbd.Front + "/state"));
        if (detach)
        {
            // 16 pages, and the one that says which they are, stay mapped until the device goes.
            vbd.Write(0, VbdPair.Pattern(128, 1));
            bench.Write(vbd.Back + "/state", "5");
            bench.Run(100);
            Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
        }
    }

    [Fact]
    public void A_ring_is_mapped_in_one_hypercall_when_it_connects()
    {
        Assert.Equal(Unit, Dom0(new() { GrantMap = Unit }, b => Disk(b, detach: false)));

        // The mapping, the port's binding, which makes it pending at once, and so the unmasking, too.
        Assert.Equal(Unit * 3, Dom0(new() { PvHypercall = Unit }, b => Disk(b, detach: false)));
    }

    [Fact]
    public void All_that_a_disk_has_mapped_is_unmapped_in_batches_when_it_closes()
    {
        Assert.Equal(Unit * 18, Dom0(new() { GrantUnmap = Unit }, b => Disk(b, detach: true)));
        Assert.Equal(Unit * 2, Dom0(new() { TlbFlush = Unit }, b => Disk(b, detach: true)));
    }

    [Fact]
    public void Pages_that_were_idle_for_a_minute_are_unmapped_in_one_batch()
    {
        static void Purge(DeviceBench bench)
        {
            var vbd = new VbdPair(bench, new ScriptedGuest(bench).Boot(true, 0, "vbd"));
            vbd.Write(0, VbdPair.Pattern(128, 1));
            bench.Run(70_000);
        }

        Assert.Equal(Unit * 17, Dom0(new() { GrantUnmap = Unit }, Purge));
        Assert.Equal(Unit, Dom0(new() { TlbFlush = Unit }, Purge));
    }

    [Fact]
    public void A_vifs_handshake_maps_two_rings_and_binds_two_ports_and_gives_them_back()
    {
        const string front = DeviceBench.GuestHome + "/device/vif/0";
        const string back = DeviceBench.BackHome + "/backend/vif/29/0";
        static void Connect(DeviceBench bench)
        {
            bench.Directory(
                front, ["n29", "r0"], ("backend", back), ("backend-id", "0"), ("handle", "0"), ("mac", "00:16:3e:01:02:03"), ("state", "1"));
            bench.Directory(
                back, ["n0", "r29"], ("frontend", front), ("frontend-id", "29"), ("handle", "0"), ("hotplug-status", "connected"), ("state", "1"));
            bench.Run();
            new ScriptedGuest(bench).Boot(true, 0, "vif");
            Assert.Equal("4", bench.Value(back + "/state"));
        }

        static void Whole(DeviceBench bench)
        {
            Connect(bench);
            bench.Rm(back);
            bench.Run();
            Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
        }

        Assert.Equal(Unit * 2, Dom0(new() { GrantMap = Unit }, Connect));
        Assert.Equal(Unit * 6, Dom0(new() { PvHypercall = Unit }, Connect));
        Assert.Equal(Unit * 2, Dom0(new() { GrantUnmap = Unit }, Whole));
        Assert.Equal(Unit, Dom0(new() { TlbFlush = Unit }, Whole));

        // The frontend: two ports, and a second frame of grants for two rings' worth of references.
        var bench = new DeviceBench(costs: new() { Hypercall = Unit, PvHypercall = Unit });
        Connect(bench);
        Assert.Equal((2L, 1L), (bench.Events(DeviceBench.Guest).OtherCalls, bench.GrantCounts.OwnCalls));
        Assert.Equal(Unit * 3, bench.Worked(DeviceBench.Guest));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void QEMU_copies_or_maps_as_its_version_does(bool copies)
    {
        var costs = new HostCosts { GrantCopy = Unit, GrantCopyBandwidth = 1_000_000_000, GrantMap = Unit * 100, GrantMapNext = Unit * 100 };
        var bench = new DeviceBench(costs: costs);
        var guest = new ScriptedGuest(bench).Boot(true, 0, "vbd");
        var vbd = new ScriptedVbdBack(bench).Create();
        foreach (var (key, value) in ((string, string)[])[("sectors", "1000"), ("info", "0"), ("sector-size", "512"), ("feature-flush-cache", "1")])
        {
            bench.Write($"{vbd.Back}/{key}", value);
        }

        bench.StartQdisk(vbd.Back, copies);
        vbd.State(2);
        bench.Run(100);
        Assert.Equal("4", vbd.FrontState);
        var front = guest.Driver("vbd-768");
        var (before, counts) = (bench.Worked(0), bench.GrantCounts);
        var (copied, mapped, bytes) = (counts.Copies, counts.Maps, counts.BytesCopied);

        // 23 sectors from 3 on: 3 pages, the last in part.
        var data = VbdPair.Pattern(23, 5);
        guest.Kernel.Say(front, new BlockRequest(1, BlockOperation.Write, BlockFlags.None, 3, 23, data));
        bench.Run(200);
        guest.Kernel.Say(front, new BlockRequest(2, BlockOperation.Read, BlockFlags.None, 3, 23, []));
        bench.Run(200);
        Assert.Equal([BlockStatus.Ok, BlockStatus.Ok], guest.Kernel.All<BlockDone>().Select(d => d.Status));
        Assert.Equal(data, guest.Kernel.Last<BlockDone>().Data);
        Assert.Equal(data, bench.Volumes.Images["/disk"].AsSpan(3 * 512, data.Length).ToArray());
        Assert.Equal(copies ? (6L, 0L, 2L * data.Length) : (0L, 6L, 0L), (counts.Copies - copied, counts.Maps - mapped, counts.BytesCopied - bytes));
        Assert.Equal(copies ? (Unit * 6) + new VirtualDuration(2 * data.Length) : Unit * 600, bench.Worked(0) - before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_that_QEMU_cannot_reach_is_that_requests_error(bool copies)
    {
        var bench = new DeviceBench();
        _ = new ScriptedGuest(bench).Boot();
        var front = new ScriptedVbdFront(bench, kind: "qdisk").Create();
        bench.StartQdisk(front.Back, copies);
        front.Initialise().State();
        bench.Run(100);
        var (good, guarded) = (front.Buffer(7), front.Buffer(9, readOnly: true));
        const uint nobodys = 4000;
        Assert.Equal(BlkifStatus.Okay, front.Ask(BlkifOp.Write, 0, 1, new Segment(good, 0, 7)).Status);
        Assert.Equal(BlkifStatus.Error, front.Ask(BlkifOp.Write, 0, 2, new Segment(good, 0, 7), new Segment(nobodys, 0, 7)).Status);
        Assert.Equal(BlkifStatus.Error, front.Ask(BlkifOp.Read, 0, 3, new Segment(nobodys, 0, 7)).Status);

        // A page granted for reading can be written from, and not be read into.
        Assert.Equal(BlkifStatus.Okay, front.Ask(BlkifOp.Write, 8, 4, new Segment(guarded, 2, 5)).Status);
        Assert.Equal(BlkifStatus.Error, front.Ask(BlkifOp.Read, 0, 5, new Segment(guarded, 0, 7)).Status);
        Assert.Equal(BlkifStatus.Okay, front.Ask(BlkifOp.Read, 8, 6, new Segment(good, 1, 4)).Status);
        Assert.Equal(Enumerable.Repeat((byte)7, 512).Concat(Enumerable.Repeat((byte)9, 4 * 512)).Concat(Enumerable.Repeat((byte)7, 3 * 512)), front.Contents(good));
        Assert.All(front.Contents(guarded), b => Assert.Equal(9, b));
        Assert.Equal(0, front.Pins);
    }

    [Fact]
    public void A_program_outside_pays_its_half_of_a_request_as_those_inside_do()
    {
        var bench = new DeviceBench();
        var user = bench.Simulator.Spawn<OutsideDiskUserActor, OutsideDiskUserState>(
            bench.Places.Processes[DeviceBench.Guest], "disk-user-1", new() { User = 1, SubmitCost = Unit, BlockLayer = bench.Front.Ref });
        for (var i = 0; i < 8; i++)
        {
            bench.Operator.Say(user, new BlockIo(0, BlockIoOperation.Read, BlockIoFlags.None, 0, 8, [], i));
        }

        bench.Simulator.RunFor(Unit * 7);
        Assert.InRange(bench.Front.All<BlockIo>().Count, 5, 7);
        bench.Run();
        Assert.Equal(8, bench.Front.All<BlockIo>().Count);
        Assert.Equal(Unit * 8, bench.Worked(DeviceBench.Guest));
    }
}
