using XenActors.Experiments.Boot;

namespace XenActors.Tests.Experiments.Boot;

/// <summary>What the kernel's command line and the configuration decide about the emulated devices (the spec: hvm-emulated-unplug).</summary>
public sealed class UnplugTests : IDisposable
{
    private readonly BootRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private GuestResult Boot(string? commandLine = null, Func<string, string>? edit = null, string kernel = "fedora16-3.1")
    {
        var session = _rig.Page(commandLine, edit, kernel);
        return BootRig.Only(BootRig.Run(session), session);
    }

    private static string Names(GuestResult guest) => string.Join(' ', guest.Report.Drivers.Disks.Where(d => !d.Removable).Select(d => d.Name));

    private static string Drivers(GuestResult guest) => string.Join(' ', guest.Report.Drivers.Nics.Select(n => n.DriverName));

    [Fact]
    public void Without_the_platform_device_the_guest_runs_on_sda_and_the_e1000()
    {
        var guest = Boot(edit: text => text.Replace("xen_platform_pci=1", "xen_platform_pci=0", StringComparison.Ordinal));
        Assert.Equal("sda", Names(guest));
        Assert.Equal("e1000", Drivers(guest));
        Assert.Equal("sda1", guest.Report.Drivers.RootDevice);
        Assert.Contains("Xen Platform PCI: unrecognised magic value", string.Join('\n', guest.Report.DmesgLines));
        Assert.Contains("xen_platform_pci=1", guest.Verdict.DiskReason, StringComparison.Ordinal);
        Assert.Contains("xen_platform_pci=1", guest.Verdict.NetReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hda")]
    [InlineData("xvda")]
    public void Unnecessary_without_the_platform_device_connects_nothing_for_want_of_a_grant_table(string disk)
    {
        var guest = Boot(
            "xen_emul_unplug=unnecessary",
            text => text.Replace("xen_platform_pci=1", "xen_platform_pci=0", StringComparison.Ordinal).Replace(",hda,", $",{disk},", StringComparison.Ordinal),
            "debian12-6.1");
        Assert.False(guest.Verdict.Disk || guest.Verdict.Net);
        Assert.DoesNotContain("vif", Drivers(guest), StringComparison.Ordinal);
        Assert.Contains("xen_platform_pci=1", guest.Verdict.NetReason, StringComparison.Ordinal);
        Assert.Contains(guest.Report.DmesgLines, l => l.EndsWith("vif vif-0: 28 granting access to ring page", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("never", "sda", "e1000", "")]
    [InlineData("unnecessary", "sda", "vif e1000", "")]
    [InlineData("ide-disks", "xvda", "vif e1000", "ide-disks")]
    [InlineData("nics", "sda xvda", "vif", "nics")]
    [InlineData("all", "xvda", "vif", "ide-disks nics")]
    [InlineData("ide-disks,nics", "xvda", "vif", "ide-disks nics")]
    [InlineData("aux-ide-disks", "sda xvda", "vif e1000", "aux-ide-disks")]
    public void The_parameter_decides_what_is_left(string value, string disks, string nics, string unplugged)
    {
        var guest = Boot($"xen_emul_unplug={value}");
        Assert.Equal(disks, Names(guest));
        Assert.Equal(nics, Drivers(guest));
        Assert.Equal(unplugged, string.Join(' ', guest.Report.Unplugged));
    }

    [Theory]
    [InlineData("nics")]
    [InlineData("aux-ide-disks")]
    public void Two_paths_to_one_image_are_a_data_corruption_hazard(string value)
    {
        var hazard = Assert.Single(Boot($"xen_emul_unplug={value}").Verdict.Hazards);
        Assert.Contains("sda and xvda are the same disk (/dev/vg01/f16pvhvm-disk0)", hazard, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_is_named_as_the_reason() =>
        Assert.Contains("xen_emul_unplug=never", Boot("xen_emul_unplug=never").Verdict.DiskReason, StringComparison.Ordinal);

    [Fact]
    public void An_emulated_nic_has_the_address_of_the_configuration() =>
        Assert.Equal("00:16:4f:02:02:15", Boot("xen_emul_unplug=never").Report.Drivers.Nics[0].Mac);

    [Fact]
    public void Ubuntus_initramfs_without_the_platform_driver_finds_no_root_disk()
    {
        var guest = Boot(kernel: "ubuntu-11.10");
        Assert.False(guest.Report.Outcome!.Value.Ok);
        Assert.Contains("initramfs", guest.Verdict.DiskReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mainline-2.6.36")]
    [InlineData("mainline-2.6.37")]
    [InlineData("pvops-2.6.32")]
    [InlineData("debian12-6.1")]
    public void Kernels_with_PVHVM_come_up_on_PV_drivers(string kernel)
    {
        var guest = Boot(kernel: kernel);
        Assert.True(guest.Verdict.Disk, guest.Verdict.DiskReason);
        Assert.True(guest.Verdict.Net, guest.Verdict.NetReason);
    }

    [Fact]
    public void The_unmodified_drivers_unplug_nothing_unless_told_to()
    {
        var guest = Boot(kernel: "unmodified-2.6.18");
        Assert.Empty(guest.Report.Unplugged);
        Assert.Single(guest.Verdict.Hazards);
    }

    [Fact]
    public void Type_ioemu_under_xend_leaves_no_usable_vif()
    {
        var guest = Boot(edit: text => text.Replace("model=e1000", "model=e1000, type=ioemu", StringComparison.Ordinal));
        Assert.False(guest.Verdict.Net);
        Assert.Contains("type=ioemu", guest.Verdict.NetReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_older_than_Xen_4_has_no_platform_device()
    {
        var session = _rig.Prepare(new BootOptions { Configs = [BootRig.Example("f16pvhvm.cfg")], Kernel = "fedora16-3.1", Host = "rhel5-xen-3.1" });
        var guest = BootRig.Only(BootRig.Run(session), session);
        Assert.False(guest.Verdict.Disk);
        Assert.Contains("4.0", guest.Verdict.DiskReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PV_guest_has_its_frontends_without_any_of_the_HVM_path()
    {
        var session = _rig.Prepare(new BootOptions { Configs = [BootRig.Example("pv.cfg")] });
        var guest = BootRig.Only(BootRig.Run(session), session);
        Assert.True(guest.Verdict.Disk);
        Assert.True(guest.Verdict.Net);
        Assert.DoesNotContain(guest.Report.DmesgLines, l => l.Contains("PCI", StringComparison.Ordinal) || l.Contains("DMI", StringComparison.Ordinal));
    }
}
