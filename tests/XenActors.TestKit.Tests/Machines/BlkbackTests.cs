using XenActors.TestKit.Machines;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Machines;

public sealed class BlkbackTests(ITestOutputHelper output) : MachineTest(output)
{
    [Fact]
    public void A_guest_without_blkback_finds_no_disk()
    {
        Disk("/dev/vg01/disk0", 8192, 1024, 2048);
        var guest = Boot("type='hvm'\nname='g'\nmemory=256\ndisk=['phy:/dev/vg01/disk0,hda,w']", paused: true);
        Kill("dom0/xenbus/vbd-1-768");
        guest.Unpause();
        guest.RunToEnd();
        Assert.Empty(guest.Partitions);
        Store.AssertNode("/local/domain/1/device/vbd/768/state", "3");
        Trace.AssertOrder("dom0/xenbus/vbd-1-768 <- outside Kill", "device/vbd/768/ring-ref");
    }
}
