using XenActors.Tests.Toolstack.Libxl;

namespace XenActors.Tests.Toolstack.Hotplug;

public sealed class ScriptTests
{
    [Fact]
    public void A_file_behind_blkback_gets_a_loop_device()
    {
        var bench = new Bench("fedora16-xen-4.1.2");
        Assert.True(bench.Create("builder='hvm'\nname='g'\ndisk=['file:/g/x.iso,hda,w']\n").Ok);
        Assert.Equal("7:0", bench.Value("/local/domain/0/backend/vbd/29/768/physical-device"));
        Assert.Equal("/dev/loop0", bench.Value("/local/domain/0/backend/vbd/29/768/physical-device-path"));
    }

    [Fact]
    public void A_relative_target_is_looked_for_in_dev()
    {
        var bench = new Bench();
        Assert.True(bench.Create("builder='hvm'\nname='g'\ndisk=['loop0,raw,xvda,w,script=block']\n").Ok);
        Assert.Equal("/dev/loop0", bench.Value("/local/domain/0/backend/vbd/29/51712/physical-device-path"));
    }

    [Fact]
    public void The_guests_mtu_is_the_backends()
    {
        var bench = new Bench();
        Assert.True(bench.Create("builder='hvm'\nname='g'\nvif=['bridge=b,mtu=9000']\n").Ok);
        Assert.Equal("9000", bench.Value("/local/domain/29/device/vif/0/mtu"));
        Assert.Equal("connected", bench.Value("/local/domain/0/backend/vif/29/0/hotplug-status"));
    }
}
