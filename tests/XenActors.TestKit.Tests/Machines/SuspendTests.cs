using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;
using XenActors.TestKit;
using XenActors.TestKit.Machines;
using XenActors.Toolstack.Libxl;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Machines;

/// <summary>A guest that suspends and goes on where it was.</summary>
public sealed class SuspendTests(ITestOutputHelper output) : SmallGuest(output)
{
    [Fact]
    public void A_suspend_that_is_cancelled_changes_nothing()
    {
        var guest = Running();
        var before = (Refs(), Machine.EventChannels(1).Channels.Ports.Keys.ToList());
        var states = XenActors.Machine.HostReport.States(Machine).Count;
        Assert.Equal("", Xl(new SuspendGuest(1, ResumeMode.Cancelled)).Message);
        Advance(Seconds(1));
        Assert.Equal(1, Machine.Kernel(1)!.Resumes);
        Assert.Equal(DomainStatus.Alive, Machine.Domain(1).Status);
        Assert.Equal(before.Item2, Machine.EventChannels(1).Channels.Ports.Keys.ToList());
        Assert.DoesNotContain(XenActors.Machine.HostReport.States(Machine).Skip(states), s => s.Contains("/state ", StringComparison.Ordinal));
        Assert.Contains("Domain has suspended.", Daemon().Log);
        ReadsAndWrites();
        Assert.True(Xl(new DestroyGuest(1)).Ok);
    }

    [Fact]
    public void A_guest_that_resumes_with_new_devices_reconnects_and_unplugs_again()
    {
        var guest = Running();
        var ports = Ports();
        var lines = guest.Dmesg.Count;
        Assert.Equal("", Xl(new SuspendGuest(1, ResumeMode.Reconnect)).Message);
        Advance(Seconds(5));
        Assert.Equal(1, Machine.Kernel(1)!.Resumes);
        foreach (var (type, device) in ((string, string)[])[("vbd", "768"), ("vif", "0"), ("vkbd", "0")])
        {
            Store.AssertNode($"/local/domain/1/device/{type}/{device}/state", "4");
            Store.AssertNode($"/local/domain/0/backend/{type}/1/{device}/state", "4");
        }

        Assert.Single(Machine.Kernel(1)!.Nics);
        Assert.Equal(ports, Ports());
        var qemu = Simulator.StateOf<XenActors.DeviceModel.DeviceModelState>(Machine.Domain(1).DeviceModel)!;
        Assert.Null(qemu.Ide.DeviceAt(0, 0).Drive);
        Assert.EndsWith("xen_netfront: backend supports XDP headroom", Assert.Single(guest.Dmesg.Skip(lines)), StringComparison.Ordinal);
        ReadsAndWrites();
        Assert.True(Xl(new ShutdownGuest(1, Reboot: false)).Ok);
        Advance(Seconds(10));
        Assert.Equal(DomainStatus.Dead, Machine.Domain(1).Status);
    }

    [Fact]
    public void What_was_in_flight_is_done_after_the_resume()
    {
        Running();
        var user = Probe(Machine.Places.Processes[1], "user");
        var handle = Open(user);
        for (var i = 0; i < 64; i++)
        {
            user.Send(Machine.BlockLayer(1), new BlockIo(handle, BlockIoOperation.Write, BlockIoFlags.None, 2048 + (ulong)(8 * i), 8, Stamp(i), i));
        }

        Assert.Equal("", Xl(new SuspendGuest(1, ResumeMode.Reconnect)).Message);
        Advance(Seconds(5));
        for (var i = 0; i < 64; i++)
        {
            Assert.True(Done(user).Ok);
        }

        for (var i = 0; i < 64; i++)
        {
            user.Send(Machine.BlockLayer(1), new BlockIo(handle, BlockIoOperation.Read, BlockIoFlags.None, 2048 + (ulong)(8 * i), 8, [], 100 + i));
            Assert.Equal(Stamp(i), Done(user).Data);
        }
    }

    private CreateState Daemon() => Simulator.StateOf<CreateState>(Find("dom0/toolstack/xl-1"))!;

    // What kinds of ports the guest has, and how many of each; which number each has, no resume keeps.
    private string Ports() => string.Join('\n', Machine.EventChannels(1).Channels.Ports.Values
        .GroupBy(p => $"{p.State} {p.Remote} {p.XenConsumer}").OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}: {g.Count()}"));

    private List<uint> Refs() => [.. Machine.Grants(1).Table.Entries.Keys];

    private void ReadsAndWrites()
    {
        var user = Probe(Machine.Places.Processes[1], "user");
        var handle = Open(user);
        user.Send(Machine.BlockLayer(1), new BlockIo(handle, BlockIoOperation.Write, BlockIoFlags.None, 4096, 8, Stamp(7), 1));
        Assert.True(Done(user).Ok);
        user.Send(Machine.BlockLayer(1), new BlockIo(handle, BlockIoOperation.Read, BlockIoFlags.None, 4096, 8, [], 2));
        Assert.Equal(Stamp(7), Done(user).Data);
    }

    private uint Open(TestProbe user)
    {
        user.Send(Machine.BlockLayer(1), new BlockOpen("xvda", BlockOpenFlags.Direct, 0));
        var opened = user.ExpectMsg<BlockOpened>(Seconds(1));
        Assert.Equal(BlockErrno.None, opened.Error);
        return opened.Handle;
    }

    private static BlockIoDone Done(TestProbe user) => user.ExpectMsg<BlockIoDone>(Seconds(5));

    private static byte[] Stamp(int number)
    {
        var data = new byte[4096];
        data.AsSpan().Fill((byte)(number + 1));
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
