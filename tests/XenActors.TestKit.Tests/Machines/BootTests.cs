using XenActors.TestKit;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Machines;

public sealed class BootTests(ITestOutputHelper output) : SmallGuest(output)
{
    [Fact]
    public void A_guest_boots_from_the_disk_that_the_test_has_made()
    {
        var guest = Small();
        guest.RunToEnd();
        guest.AssertBooted();
        Assert.Equal(["xvda", "xvda1", "xvda2"], guest.Partitions);
        Assert.True(guest.Verdict.Disk, guest.Verdict.DiskReason);
        guest.AssertDmesg("blkfront: xvda");
    }

    [Fact]
    public void The_reference_pages_guest_boots_on_its_own_kernel()
    {
        Kernel("fedora16-3.1");
        var guest = Boot(Example("f16pvhvm.cfg"));
        guest.RunToEnd();
        guest.AssertDmesg("Netfront and the Xen platform PCI driver have been compiled for this kernel: unplug emulated NICs.");
        Assert.Equal("eth0 00:16:4f:02:02:15 vif", Assert.Single(guest.Report.Links));
    }

    [Fact]
    public void The_command_line_keeps_the_emulated_disk()
    {
        CommandLine("xen_emul_unplug=never");
        var guest = Small();
        guest.RunToEnd();
        Assert.Equal("sda", guest.Partitions[0]);
        Assert.Contains("xen_emul_unplug=never", guest.Verdict.DiskReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_guests_of_one_machine_have_a_disk_each()
    {
        Disk("/dev/vg01/small", 8192, 1024, 2048);
        Disk("/dev/vg01/other", 4096, 2048);
        var first = Guest(Config);
        var second = Boot(Config.Replace("small", "other", StringComparison.Ordinal).Replace("00:01", "00:02", StringComparison.Ordinal));
        second.RunToEnd();
        Assert.Equal(["xvda", "xvda1", "xvda2"], first.Partitions);
        Assert.Equal(["xvda", "xvda1"], second.Partitions);
        Assert.Equal("/local/domain/2", second.Home);
    }

    [Theory]
    [Seeds(1, 5)]
    public void A_guest_boots_with_every_seed(ulong seed)
    {
        UseSeed(seed);
        var guest = Small();
        guest.RunToEnd();
        guest.AssertBooted();
        Store.AssertNode($"{Vbd}/state", "4");
    }

    [Fact]
    public void An_image_of_the_tests_own_lies_behind_the_disk()
    {
        var image = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(image, new byte[4 << 20]);
            Image("/dev/vg01/small", image);
            var guest = Boot(Config);
            guest.RunToEnd();
            Assert.Equal(["xvda"], guest.Partitions);
        }
        finally
        {
            File.Delete(image);
        }
    }

    [Fact]
    public void A_configuration_can_lie_in_a_file()
    {
        var guest = GuestFromFile(Path.Combine(AppContext.BaseDirectory, "hocon", "xl", "pv.cfg"));
        guest.RunToEnd();
        guest.AssertBooted();
        Store.AssertNode($"{guest.Home}/name", "pv1");
    }
}
