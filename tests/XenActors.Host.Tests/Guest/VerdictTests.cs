using XenActors.Guest;
using XenActors.Guest.Block;

namespace XenActors.Tests.Guest;

/// <summary>The page's own question, "are the PV drivers in use", for guests that are and for every way to miss them.</summary>
public sealed class VerdictTests
{
    private static readonly DiskPath[] Paths = [new("xvda", "hda", "/dev/vg01/vm01-disk0"), new("sda", "hda", "/dev/vg01/vm01-disk0")];

    [Theory]
    [InlineData("fedora16-3.1")]
    [InlineData("debian12-6.1")]
    [InlineData("mainline-2.6.36")]
    [InlineData("mainline-2.6.37")]
    [InlineData("pvops-2.6.32")]
    [InlineData("unmodified-2.6.18")]
    public void Says_that_a_plain_guest_runs_on_pv_drivers(string kernel)
    {
        var bench = GuestBench.Of(kernel);
        bench.CommandLine += kernel.StartsWith("unmodified", StringComparison.Ordinal) ? " dev_unplug=all" : "";
        var verdict = GuestVerdict.Of(bench.Boot(), Paths);
        Assert.Equal("xvda is driven by xen-blkfront", verdict.DiskReason);
        Assert.Equal("eth0 is driven by xen-netfront", verdict.NetReason);
        Assert.True(verdict is { Disk: true, Net: true });
        Assert.Empty(verdict.Hazards);
    }

    [Theory]
    [InlineData("fedora16-3.1")]
    [InlineData("debian12-6.1")]
    [InlineData("mainline-2.6.36")]
    [InlineData("unmodified-2.6.18")]
    public void Names_the_setting_when_the_platform_device_is_off(string kernel)
    {
        var bench = GuestBench.Of(kernel);
        bench.Change = static d => d.PlatformDevice = false;
        var report = bench.Boot();
        var verdict = GuestVerdict.Of(report, Paths);
        Assert.Equal("the Xen platform PCI device is absent: set xen_platform_pci=1 in the guest's configuration", verdict.DiskReason);
        Assert.Equal(verdict.DiskReason, verdict.NetReason);
        Assert.False(verdict.Disk || verdict.Net);
        Assert.True(report.Outcome?.Ok);
        Assert.Equal("e1000", report.Drivers.Nics[0].DriverName);
        Assert.Equal("00:16:4f:02:02:15", report.Drivers.Nics[0].Mac);
    }

    [Fact]
    public void Says_that_xen_3_has_no_such_setting()
    {
        var bench = GuestBench.Of("fedora16-3.1");
        bench.Xen = (3, 4);
        bench.Change = static d => d.PlatformDevice = false;
        Assert.StartsWith("Xen 3.x has no setting xen_platform_pci", GuestVerdict.Of(bench.Boot(), Paths).DiskReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fedora16-3.1")]
    [InlineData("debian12-6.1")]
    public void Names_the_option_that_forbids(string kernel)
    {
        var bench = GuestBench.Of(kernel);
        bench.CommandLine += " xen_emul_unplug=never";
        var report = bench.Boot();
        Assert.StartsWith("xen_emul_unplug=never", GuestVerdict.Of(report, Paths).DiskReason, StringComparison.Ordinal);
        Assert.Empty(bench.Domain.PortWrites);
        Assert.Equal("sda1", report.Drivers.RootDevice);
    }

    [Fact]
    public void Explains_what_unnecessary_leaves_emulated()
    {
        var verdict = GuestVerdict.Of(GuestBench.Recorded(" xen_emul_unplug=unnecessary").Boot(), Paths);
        Assert.Contains("name the disk xvda", verdict.DiskReason, StringComparison.Ordinal);
        Assert.True(verdict.Net);
        Assert.Empty(verdict.Hazards);
    }

    [Fact]
    public void Warns_of_two_names_for_one_disk()
    {
        var verdict = GuestVerdict.Of(GuestBench.Recorded(" xen_emul_unplug=nics").Boot(), Paths);
        Assert.StartsWith("xvda and sda are the same disk", Assert.Single(verdict.Hazards), StringComparison.Ordinal);
        Assert.StartsWith("the root file system lies on sda, the emulated disk, though blkfront has xvda", verdict.DiskReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_the_old_modules_their_own_parameter()
    {
        var report = GuestBench.Of("unmodified-2.6.18").Boot();
        DiskPath[] paths = [new(report.Drivers.Disks[0].Name, "hda", "/image"), new(report.Drivers.Disks[^1].Name, "hda", "/image")];
        Assert.EndsWith("unplug the emulated disk (dev_unplug=all)", Assert.Single(GuestVerdict.Of(report, paths).Hazards), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, "writing through both corrupts the data")]
    [InlineData(false, true, "what is written through xvda changes under xvdb")]
    [InlineData(true, false, "what is written through xvdb changes under xvda")]
    [InlineData(true, true, null)]
    public void Warns_of_two_virtual_disks_on_one_image(bool first, bool second, string? harm)
    {
        var report = GuestBench.Of("debian12-6.1").Boot();
        var disks = new[] { Disk("xvda", first), Disk("xvdb", second) };
        report = report with { Drivers = report.Drivers with { Disks = disks } };
        var hazards = GuestVerdict.Of(report, [new("xvda", "xvda", "/image"), new("xvdb", "xvdb", "/image")]).Hazards;
        if (harm is null)
        {
            Assert.Empty(hazards);
            return;
        }

        var hazard = Assert.Single(hazards);
        Assert.StartsWith($"xvda and xvdb are two virtual disks that share one image (/image): {harm}", hazard, StringComparison.Ordinal);
        Assert.DoesNotContain("unplug", hazard, StringComparison.Ordinal);
    }

    private static GuestDisk Disk(string name, bool readOnly) => new()
    {
        Name = name,
        Major = 202,
        Minor = 0,
        Minors = 16,
        Sectors = 131072,
        ReadOnly = readOnly,
        Removable = false,
        DriverName = "xen-blkfront",
        Driver = default,
    };

    [Fact]
    public void Finds_no_root_disk_in_ubuntu_11_10_as_it_is_delivered()
    {
        var bench = GuestBench.Of("ubuntu-11.10");
        bench.CommandLine = "root=/dev/xvda1";
        var report = bench.Boot();
        Assert.Equal(
            new GuestBooted(
                false, "ALERT!  /dev/xvda1 does not exist.  Dropping to a shell! (the emulated disks were unplugged, and no PV disk came)"),
            report.Outcome);
        Assert.Contains("xen-platform-pci was not loaded: add it to the initramfs", GuestVerdict.Of(report, Paths).DiskReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ubuntu-11.10", "No root device specified. Boot arguments must include a root= parameter.")]
    [InlineData("debian12-6.1", "No root device specified. Boot arguments must include a root= parameter.")]
    [InlineData("fedora16-3.1", "no root device: the command line has no root=")]
    public void Says_that_no_root_was_named(string kernel, string reason)
    {
        var bench = GuestBench.Of(kernel);
        (bench.CommandLine, bench.Nodes) = ("", ["device/vif/0"]);
        var outcome = bench.Boot().Outcome!.Value;
        Assert.False(outcome.Ok);
        Assert.StartsWith(reason, outcome.Reason, StringComparison.Ordinal);
        Assert.EndsWith("(the emulated disks were unplugged, and no PV disk came)", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Boots_ubuntu_11_10_with_the_pages_remedy()
    {
        var bench = GuestBench.Of("ubuntu-11.10");
        bench.Kernel = bench.Kernel with { Modules = ["xen-blkfront", "xen-platform-pci"] };
        var verdict = GuestVerdict.Of(bench.Boot(), Paths);
        Assert.True(verdict is { Disk: true, Net: true }, verdict.DiskReason + verdict.NetReason);
    }

    [Fact]
    public void Names_the_front_end_that_the_initramfs_lacks()
    {
        var bench = GuestBench.Of("fedora16-3.1");
        bench.Kernel = bench.Kernel with { Modules = [] };
        var report = bench.Boot();
        Assert.False(report.Outcome?.Ok);
        Assert.Equal("the driver xen-blkfront was not loaded: it is missing from the initramfs", GuestVerdict.Of(report, Paths).DiskReason);
    }

    [Theory]
    [InlineData("root=/dev/xvda5", "device/vbd/768", "device/vif/0", "the boot stopped before the root file system, from which the driver xen-netfront is loaded")]
    [InlineData("", "device/vif/0", "", "the boot stopped before the root file system, from which the driver xen-netfront is loaded")]
    [InlineData("", "device/vbd/768", "", "the guest has no vif: the toolstack gave it no vif device")]
    [InlineData("root=/dev/xvda5", "device/vbd/768", "", "the guest has no vif: the toolstack gave it no vif device")]
    public void Says_why_netfront_did_not_come_from_the_root_file_system(string commandLine, string node, string other, string reason)
    {
        var bench = GuestBench.Of("fedora16-3.1");
        (bench.CommandLine, bench.Nodes) = (commandLine, other.Length == 0 ? [node] : [node, other]);
        Assert.Equal(reason, GuestVerdict.Of(bench.Boot(), Paths).NetReason);
    }

    [Theory]
    [InlineData("fedora16-3.1")]
    [InlineData("unmodified-2.6.18")]
    public void Knows_the_hosts_version_though_the_kernel_does_not_ask(string kernel)
    {
        var bench = GuestBench.Of(kernel);
        (bench.Xen, bench.Change) = ((3, 1), static d => d.PlatformDevice = false);
        Assert.StartsWith("Xen 3.x has no setting xen_platform_pci", GuestVerdict.Of(bench.Boot(), Paths).DiskReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pvops-2.6.32", "ignore")]
    [InlineData("debian12-6.1", "unnecessary")]
    [InlineData("debian12-6.1", "unnecessary,nics")]
    public void Names_the_word_that_the_user_gave(string kernel, string given)
    {
        var bench = GuestBench.Of(kernel);
        bench.CommandLine += " xen_emul_unplug=" + given;
        Assert.StartsWith($"with xen_emul_unplug={given} blkfront", GuestVerdict.Of(bench.Boot(), Paths).DiskReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_vif_without_an_address()
    {
        var bench = GuestBench.Of("fedora16-3.1");
        bench.Mac = "00:00:00:00:00:00";
        var verdict = GuestVerdict.Of(bench.Boot(), Paths);
        Assert.False(verdict.Net);
        Assert.Contains("type=ioemu", verdict.NetReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nopv")]
    [InlineData("xen_nopv")]
    public void Runs_on_emulated_devices_with_nopv(string option)
    {
        var bench = GuestBench.Of("debian12-6.1");
        bench.CommandLine += " " + option;
        var report = bench.Boot();
        Assert.StartsWith("nopv", GuestVerdict.Of(report, Paths).DiskReason, StringComparison.Ordinal);
        Assert.Null(bench.Bus.Started);
        Assert.Contains(report.DmesgLines, l => l.EndsWith("Booting paravirtualized kernel on bare hardware", StringComparison.Ordinal));
    }
}
