using XenActors.Guest.Block;
using XenActors.Experiments.Faults;
using XenActors.Simulation;
using XenActors.TestKit.Machines;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Faults;

/// <summary>Pages that are paged out for a while: dom0's kernel tries again, and only who is away too long fails.</summary>
public sealed class GrantEagainFaultTests(ITestOutputHelper output) : FaultedGuest(output)
{
    // One operation after the other, each mapped for itself.
    private const string Single = "jobs { w { filename = xvda2, rw = write, bs = 4k, iodepth = 1, direct = 1, size = 64k, verify = stamp } }";

    private const string DiskOnly = "type='hvm'\nname='small'\nmemory=256\ndisk=['phy:/dev/vg01/small,hda,w']\nxen_platform_pci=1";

    // A guest without persistent grants, which has each request mapped.
    private void NewHostOldGuest()
    {
        Host("debian12-xen-4.17");
        Kernel("fedora16-3.1");
    }

    // When the disk is there for the guest.
    private static VirtualTime Connected(MachineTest machine, long times, out Fault? fault)
    {
        machine.Disk("/dev/vg01/small", 8192, 1024, 2048);
        var guest = machine.Boot(DiskOnly, paused: true);
        fault = times > 0 ? machine.Inject("grant-eagain", ("domain", "small"), ("count", $"{times}")) : null;
        guest.Unpause();
        machine.AdvanceUntil("DiskAppeared", Seconds(60));
        return machine.Simulator.Now;
    }

    [Fact]
    public void A_disk_whose_ring_is_paged_out_comes_up_later_by_what_the_kernel_has_slept()
    {
        var usual = Connected(Another(), 0, out _);
        var late = Connected(this, 255, out var fault);
        Assert.Equal(FaultEffect.Benign, fault!.Kind.Effect);
        Assert.Empty(fault.Degrades);
        Assert.Equal(255, fault.Acts);

        // 1 + 2 + ... + 254 ms, by the trace's slices.
        Assert.InRange((late - usual).Nanoseconds, 32_375_000_000, 32_395_000_000);
        Store.AssertNode($"{VbdBackend}/state", "4");
    }

    [Fact]
    public void A_job_whose_pages_are_paged_out_goes_on_without_an_error()
    {
        NewHostOldGuest();
        Booted();
        var run = Job();
        Advance(Ms(1));
        var fault = Inject("grant-eagain", ("domain", "small"), ("count", "255"));
        Assert.True(Finishes(run));
        Assert.Equal(255, fault.Acts);
        Assert.Empty(fault.Degrades);
        Assert.Equal((BlockErrno.None, 0), (State(run).Error, State(run).Findings.Bad));
        Assert.NotEqual(0, State(run).Findings.Checked);
    }

    [Fact]
    public void A_page_that_stays_away_fails_its_request_and_the_next_one_goes()
    {
        NewHostOldGuest();
        Booted();
        var begun = Simulator.Now;
        var fault = Inject("grant-eagain", ("domain", "small"), ("count", "256"));
        Assert.Equal(["dom1"], fault.Degrades);
        var run = Job(Single);
        Assert.True(Finishes(run));
        Assert.Equal(256, fault.Acts);
        Assert.NotEqual(BlockErrno.None, State(run).Error);
        Assert.True(Simulator.Now - begun > Ms(32_640));
        var again = Job(Single);
        Assert.True(Finishes(again));
        Assert.Equal(BlockErrno.None, State(again).Error);
    }

    [Fact]
    public void With_an_old_dom0_once_is_enough()
    {
        Host("fedora16-xen-4.1.2");
        Kernel("fedora16-3.1");
        Booted();
        var run = Job();
        Advance(Ms(1));
        var fault = Usual("grant-eagain");
        Assert.Equal(["dom1"], fault.Degrades);
        Assert.True(Finishes(run));
        Assert.NotEqual(BlockErrno.None, State(run).Error);
    }
}
