using XenActors.Guest.Block;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.TestKit;
using XenActors.TestKit.Machines;
using XenActors.Toolstack.Libxl;
using XenActors.Xenbus;
using XenActors.Xenstore;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Machines;

/// <summary>Backends and daemons that end and come back, and hosts that lose their power.</summary>
public sealed class BackendRestartTests(ITestOutputHelper output) : SmallGuest(output)
{
    [Fact]
    public void A_module_that_is_loaded_again_takes_the_connected_ring_up_where_it_was()
    {
        Running();
        var from = XenActors.Machine.HostReport.States(Machine).Count;
        Simulator.Tell(Machine.Operator, new ReloadBackend("vbd"));
        Advance(Seconds(1));
        var states = XenActors.Machine.HostReport.States(Machine).Skip(from).Where(s => s.Contains("/state ", StringComparison.Ordinal)).ToList();
        Assert.Collection(states, s => Assert.EndsWith("backend/vbd/1/768/state 2", s), s => Assert.EndsWith("backend/vbd/1/768/state 4", s));
        Assert.True(Io(BlockIoOperation.Write, Stamp(3)).Ok);
        Assert.Equal(Stamp(3), Io(BlockIoOperation.Read, []).Data);
    }

    [Fact]
    public void A_backend_that_dies_leaves_its_state_and_its_guest_waits_until_it_is_loaded_again()
    {
        Running();
        var user = Probe(Machine.Places.Processes[1], "user");
        var handle = Open(user);
        Kill("dom0/xenbus/vbd-1-768");
        Advance(Ms(1));
        Store.AssertNode(VbdBackend + "/state", "4");
        user.Send(Machine.BlockLayer(1), new BlockIo(handle, BlockIoOperation.Write, BlockIoFlags.None, 2048, 8, Stamp(5), 1));
        user.ExpectNoMsg(Seconds(60));
        Simulator.Tell(Machine.Operator, new ReloadBackend("vbd"));
        Assert.True(user.ExpectMsg<BlockIoDone>(Seconds(5)).Ok);
    }

    [Fact]
    public void A_live_update_of_xenstored_loses_nothing()
    {
        var guest = Running();
        var before = Store.Ls("/");
        Simulator.Tell(Machine.Operator, new RestartXenstored(KeepState: true));
        Advance(Seconds(1));
        Assert.True(Assert.Single(Machine.OperatorState.StoreRestarts).Ok);
        Assert.Equal(before, Store.Ls("/"));
        Assert.True(Xl(new ShutdownGuest(1, Reboot: false)).Ok);
        Advance(Seconds(10));
        Store.AssertAbsent("/local/domain/1");
    }

    [Fact]
    public void A_xenstored_that_lost_its_store_leaves_running_rings_alone_and_everything_else_stuck()
    {
        Running();
        Simulator.Tell(Machine.Operator, new RestartXenstored(KeepState: false));
        Advance(Seconds(1));
        Store.AssertAbsent("/local/domain/1");
        Assert.True(Io(BlockIoOperation.Write, Stamp(9)).Ok);
        Assert.Contains("failed (rc=-9)", Xl(new ShutdownGuest(1, Reboot: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_crashed_guest_had_flushed_is_there_in_its_next_life()
    {
        Restarts(1);
        Disk("/dev/vg01/small", 8192, 1024, 2048);
        var guest = Boot(Config + "\non_crash='restart'");
        guest.RunToEnd();
        var user = Probe(Machine.Places.Processes[1], "user");
        user.Send(Machine.BlockLayer(1), new BlockOpen("xvda", BlockOpenFlags.None, 0));
        var handle = user.ExpectMsg<BlockOpened>(Seconds(1)).Handle;
        user.Send(Machine.BlockLayer(1), new BlockIo(handle, BlockIoOperation.Write, BlockIoFlags.None, 4096, 8, Stamp(1), 1));
        Assert.True(user.ExpectMsg<BlockIoDone>(Seconds(1)).Ok);
        user.Send(Machine.BlockLayer(1), new BlockIo(handle, BlockIoOperation.Sync, BlockIoFlags.None, 0, 0, [], 2));
        Assert.True(user.ExpectMsg<BlockIoDone>(Seconds(1)).Ok);
        user.Send(Machine.BlockLayer(1), new BlockIo(handle, BlockIoOperation.Write, BlockIoFlags.None, 4104, 8, Stamp(2), 3));
        Assert.True(user.ExpectMsg<BlockIoDone>(Seconds(1)).Ok);
        Simulator.Tell(Machine.Domain(1).Kernel, new XenActors.Guest.PanicKernel("VFS: out of luck"));
        Advance(Seconds(20));
        guest.RunToEnd();
        guest.AssertBooted();
        Assert.Equal(2, guest.Domain);
        Assert.Equal(Stamp(1), Io(BlockIoOperation.Read, [], 2, 4096).Data);
        Assert.NotEqual(Stamp(2), Io(BlockIoOperation.Read, [], 2, 4104).Data);
    }

    [Fact]
    public void A_disk_without_power_answers_nobody()
    {
        Running();
        Simulator.Tell(Machine.Operator, new PowerLost());
        Advance(Ms(1));
        var user = Probe(Machine.Places.Processes[1], "user");
        user.Send(Machine.BlockLayer(1), new BlockIo(Open(user), BlockIoOperation.Write, BlockIoFlags.None, 2048, 8, Stamp(5), 1));
        user.ExpectNoMsg(Seconds(10));
    }

    [Fact]
    public void A_disk_that_is_cut_shorter_is_shorter_in_the_guest()
    {
        Running();
        var volume = Simulator.StateOf<XenActors.SplitDrivers.Block.Back.BlkbackState>(Find("dom0/xenbus/vbd-1-768"))!.VolumeId;
        Simulator.Tell(Machine.Operator, new DiskResized(volume, 8192));
        Advance(Seconds(1));
        Assert.Equal(8192UL, Machine.Kernel(1)!.FindDisk("xvda")!.Sectors);
    }

    private BlockIoDone Io(BlockIoOperation operation, byte[] data, ushort domain = 1, ulong sector = 4096)
    {
        var user = Probe(Machine.Places.Processes[domain], "io");
        var handle = Open(user, domain);
        user.Send(Machine.BlockLayer(domain), new BlockIo(handle, operation, BlockIoFlags.None, sector, 8, data, 1));
        return user.ExpectMsg<BlockIoDone>(Seconds(5));
    }

    private uint Open(TestProbe user, ushort domain = 1)
    {
        user.Send(Machine.BlockLayer(domain), new BlockOpen("xvda", BlockOpenFlags.Direct, 0));
        var opened = user.ExpectMsg<BlockOpened>(Seconds(1));
        Assert.Equal(BlockErrno.None, opened.Error);
        return opened.Handle;
    }

    private static byte[] Stamp(int number)
    {
        var data = new byte[4096];
        data.AsSpan().Fill((byte)(number + 0x40));
        return data;
    }

    private GuestHandle Running()
    {
        var guest = Small();
        guest.RunToEnd();
        guest.AssertBooted();
        return guest;
    }
}
