using XenActors.Guest.Block;
using XenActors.Simulation;
using XenActors.TestKit.Machines;
using XenActors.Toolstack.Libxl;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Machines;

/// <summary>Devices that come to a running guest and go from it.</summary>
public sealed class HotplugTests(ITestOutputHelper output) : SmallGuest(output)
{
    private const string Front = "/local/domain/1/device/vbd/51728";

    [Fact]
    public void A_disk_comes_and_goes_in_the_recorded_order()
    {
        var guest = Running();
        var (grants, ports, from) = (Machine.Grants(1).Table.Entries.Count, Machine.EventChannels(1).Channels.Ports.Count, States().Count);
        Assert.Equal("", Xl(new AttachDisk(1, "phy:/dev/vg01/more,xvdb,w")).Message);
        Advance(Seconds(2));
        Assert.Equal(["xvda", "xvda1", "xvda2", "xvdb", "xvdb1"], guest.Partitions);
        Assert.Equal(
            ["backend/vbd/1/51728/state 2", "device/vbd/51728/state 3", "backend/vbd/1/51728/state 4", "device/vbd/51728/state 4"],
            States().Skip(from).Where(s => s.Contains("51728/state ", StringComparison.Ordinal) && !s.StartsWith('/')));
        from = States().Count;
        Assert.Equal("", Xl(new DetachDisk(1, "xvdb", Force: false)).Message);
        Advance(Seconds(2));
        Assert.Equal(["xvda", "xvda1", "xvda2"], guest.Partitions);
        Assert.Equal(
            [
                "/local/domain/0/backend/vbd/1/51728/online 0", "/local/domain/0/backend/vbd/1/51728/state 5", "device/vbd/51728/state 6",
                "backend/vbd/1/51728/state 6", "/local/domain/1/device/vbd/51728", "/libxl/1/device/vbd/51728", "/local/domain/0/backend/vbd/1/51728",
            ],
            States().Skip(from));
        Store.AssertAbsent(Front);
        Assert.Equal(ports, Machine.EventChannels(1).Channels.Ports.Count);
        Assert.Equal(grants, Machine.Grants(1).Table.Entries.Count);
    }

    [Fact]
    public void A_nic_comes_and_goes_in_the_recorded_order()
    {
        var guest = Running();
        var (grants, ports, from) = (Machine.Grants(1).Table.Entries.Count, Machine.EventChannels(1).Channels.Ports.Count, States().Count);
        Assert.Equal("", Xl(new AttachNic(1, "mac=00:16:3e:02:02:77,bridge=xenbr0")).Message);
        Advance(Seconds(2));
        Store.AssertNode("/local/domain/0/backend/vif/1/1/state", "4");
        Assert.Equal(2, Machine.Kernel(1)!.Nics.Count);
        from = States().Count;
        Assert.Equal("", Xl(new DetachNic(1, 1)).Message);
        Advance(Seconds(2));
        Assert.Equal(
            [
                "/local/domain/0/backend/vif/1/1/online 0", "/local/domain/0/backend/vif/1/1/state 5", "device/vif/1/state 6", "backend/vif/1/1/state 5",
                "backend/vif/1/1/state 6", "backend/vif/1/1/hotplug-status", "/local/domain/1/device/vif/1", "/libxl/1/device/vif/1",
                "/local/domain/0/backend/vif/1/1",
            ],
            States().Skip(from));
        Assert.Equal("eth0", Assert.Single(Machine.Kernel(1)!.Nics).Name);
        Assert.Equal(ports, Machine.EventChannels(1).Channels.Ports.Count);
        Assert.Equal(grants, Machine.Grants(1).Table.Entries.Count);
    }

    [Fact]
    public void The_errors_are_those_that_were_recorded()
    {
        Running();
        Assert.StartsWith("device already exists in xenstore", Xl(new AttachDisk(1, "phy:/dev/vg01/more,hda,w")).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Disk vdev=xvdc failed to stat: /dev/nosuch: No such file or directory",
            Xl(new AttachDisk(1, "phy:/dev/nosuch,xvdc,w")).Message,
            StringComparison.Ordinal);
        Assert.Equal("Error: Device xvdq not connected.", Xl(new DetachDisk(1, "xvdq", Force: false)).Message);
        Assert.EndsWith("Unknown device 7.", Xl(new DetachNic(1, 7)).Message, StringComparison.Ordinal);
        Assert.Equal("unrecognized argument `bogus=1'", Xl(new AttachNic(1, "bogus=1")).Message);
    }

    [Fact]
    public void A_paused_guest_keeps_its_disk_unless_it_is_forced()
    {
        var guest = Running();
        Assert.True(Xl(new AttachDisk(1, "phy:/dev/vg01/more,xvdb,w")).Ok);
        Advance(Seconds(2));
        Assert.True(Xl(new PauseGuest(1)).Ok);
        var answer = Xl(new DetachDisk(1, "xvdb", Force: false));
        Assert.Contains("unable to remove device with path /local/domain/0/backend/vbd/1/51728", answer.Message, StringComparison.Ordinal);
        Store.AssertExists(Front);
        Assert.True(Xl(new DetachDisk(1, "xvdb", Force: true)).Ok);
        Store.AssertAbsent(Front);
        Store.AssertAbsent("/local/domain/0/backend/vbd/1/51728");
        Assert.True(Xl(new UnpauseGuest(1)).Ok);
        Advance(Seconds(2));
        Assert.Equal(["xvda", "xvda1", "xvda2"], guest.Partitions);
    }

    [Fact]
    public void An_old_kernel_does_not_let_go_of_a_disk_in_use()
    {
        Kernel("fedora16-3.1");
        Host("debian12-xen-4.17");
        var guest = Running();
        Assert.True(Xl(new AttachDisk(1, "phy:/dev/vg01/more,xvdb,w")).Ok);
        Advance(Seconds(2));
        var user = Probe(Machine.Places.Processes[1], "user");
        user.Send(Machine.BlockLayer(1), new BlockOpen("xvdb", BlockOpenFlags.Direct, 0));
        var handle = user.ExpectMsg<BlockOpened>(Seconds(1)).Handle;
        Assert.False(Xl(new DetachDisk(1, "xvdb", Force: false)).Ok);
        Store.AssertNode("/local/domain/1/error/device/vbd/51728/error", "16 Device in use; refusing to close");
        Store.AssertNode(Front + "/state", "5");
        guest.AssertDmesg("Device in use; refusing to close");
        user.Send(Machine.BlockLayer(1), new BlockIo(handle, BlockIoOperation.Read, BlockIoFlags.None, 0, 8, [], 1));
        Assert.True(user.ExpectMsg<BlockIoDone>(Seconds(1)).Ok);
        user.Send(Machine.BlockLayer(1), new BlockClose(handle));
        Advance(Seconds(1));
        Store.AssertNode(Front + "/state", "6");
        Assert.DoesNotContain("xvdb", guest.Partitions);
    }

    [Fact]
    public void A_paused_guest_stands_still_and_goes_on()
    {
        var guest = Small();
        Advance(Ms(500));
        Assert.Null(guest.Outcome);
        Assert.True(Xl(new PauseGuest(1)).Ok);
        Advance(Ms(1));
        var lines = guest.Dmesg.Count;
        Advance(Seconds(100));
        Assert.Equal(lines, guest.Dmesg.Count);
        Assert.True(Xl(new UnpauseGuest(1)).Ok);
        guest.RunToEnd();
        guest.AssertBooted();
    }

    private GuestHandle Running()
    {
        SpareDisk("/dev/vg01/more", 4096, 1024);
        var guest = Small();
        guest.RunToEnd();
        guest.AssertBooted();
        return guest;
    }

    private List<string> States() =>
        [.. XenActors.Machine.HostReport.States(Machine).Select(s => string.Join(' ', s.Split(" IN ")[1].Split(' ').Skip(1)))];
}
