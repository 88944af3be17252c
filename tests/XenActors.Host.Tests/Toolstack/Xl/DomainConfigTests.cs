using XenActors.Toolstack.Xl;
using Xunit;

namespace XenActors.Tests.Toolstack.Xl;

public sealed class DomainConfigTests
{
    private const string TscModeWarning =
        "WARNING: specifying \"tsc_mode\" as an integer is deprecated. Please use the named parameter variant. e.g. tsc_mode=\"default\"";

    [Fact]
    public void The_pvhvm_example_loads_with_the_one_warning_of_xl()
    {
        var config = LoadExample("pvhvm-example.cfg");

        Assert.Equal(1024, config.Memory);
        Assert.Equal(1024u * 1024, config.MaxMemKb);
        Assert.Equal(["/dev/vg01/f16pvhvm-disk0", "/root/iso/Fedora-16-x86_64-DVD.iso"], config.Disks.Select(disk => disk.PdevPath));
        Assert.Equal("", config.Hvm!.Vnc.Passwd);
        Assert.Equal(VgaKind.Cirrus, config.Hvm.Vga);
        Assert.Equal("en", config.Hvm.Keymap);
        Assert.Null(config.Kernel);
    }

    [Fact]
    public void The_recorded_guest_loads_with_the_one_warning_of_xl()
    {
        var config = LoadExample("guest.cfg");

        Assert.Equal(256u * 1024, config.TargetMemKb);
        Assert.Equal(["/dev/loop0", "/g/x.iso"], config.Disks.Select(disk => disk.PdevPath));
        Assert.Equal("127.0.0.1", config.Hvm!.Vnc.Listen);
        Assert.Equal("en-us", config.Hvm.Keymap);
        Assert.Equal("/g/fake.bz", config.Kernel);
        Assert.Equal("console=hvc0 earlyprintk=xen loglevel=9", config.Cmdline);
        Assert.Equal(
            [
                "-device", "loader,file=/g/kernel.pm,addr=0x8000000,force-raw=on",
                "-device", "loader,file=/g/initrd.gz,addr=0xb000000,force-raw=on",
            ],
            config.DeviceModelArgsHvm);
    }

    [Theory]
    [InlineData("type='hvm'", DomainType.Hvm)]
    [InlineData("type='h'", DomainType.Hvm)]
    [InlineData("type=''", DomainType.Hvm)]
    [InlineData("type='p'\nkernel='k'", DomainType.Pv)]
    [InlineData("type='pvh'\nkernel='k'", DomainType.Pvh)]
    [InlineData("builder='generic'\nkernel='k'", DomainType.Pv)]
    [InlineData("kernel='k'", DomainType.Pv)]
    [InlineData("type='hvm'\nbuilder='hvm'", DomainType.Hvm)]
    public void A_type_may_be_shortened(string lines, DomainType type) => Assert.Equal(type, Load(lines).Config!.Type);

    [Theory]
    [InlineData("type='pv'\nbuilder='hvm'", 1, "Contradicting \"builder\" and \"type\" options specified.")]
    [InlineData("type='hvm'\nmaxvcpus=1\nvcpus=2", 1, "xl: maxvcpus < vcpus")]
    [InlineData("type='hvm'\nvcpus='-1'", 1, "Unable to allocate cpumap")]
    [InlineData("type='hvm'\nuuid='nope'", 1, "Failed to parse UUID: nope")]
    [InlineData("type='hvm'\non_crash='dump'", 1, "Unknown on_crash action \"dump\" specified")]
    [InlineData("type='hvm'\ntsc_mode=4", 1, "ERROR: invalid value 4 for \"tsc_mode\"")]
    [InlineData("type='hvm'\ntimer_mode='x'", 1, "ERROR: invalid value \"x\" for \"timer_mode\"")]
    [InlineData("kernel='k'\ntimer_mode='x'", 3, "ERROR: \"timer_mode\" option is not supported for PV guests.")]
    [InlineData("kernel='k'\nfirmware='pvgrub32'", 1, "ERROR: both kernel and firmware specified")]
    [InlineData("firmware='ovmf'", 1, "ERROR: only pvgrub{32|64} supported as firmware options")]
    [InlineData("type='hvm'\nbios='lilo'", 1, "ERROR: invalid value \"lilo\" for \"bios\"")]
    [InlineData("type='hvm'\nvga='cga'", 1, "Unknown vga \"cga\" specified")]
    [InlineData("type='hvm'\nhdtype='mfm'", 1, "ERROR: invalid value \"mfm\" for \"hdtype\"")]
    [InlineData("type='hvm'\ndevice_model_version='x'", 1, "Unknown device_model_version \"x\" specified")]
    [InlineData("type='hvm'\ndevice_model_args='x'", 3, "xl: Unable to parse device_model_args.")]
    [InlineData("type='hvm'\nviridian=['x']", 3, "xl: unknown viridian enlightenment 'x'")]
    [InlineData("type='hvm'\nvnclisten='::1:2'\nvncdisplay=3", 1, "ERROR: Display specified both in vnclisten and vncdisplay!")]
    [InlineData("type='hvm'\ncpus='2-1'", 1, "Invalid pcpu range: 2-1.")]
    [InlineData("type='hvm'\ncpus='^all'", 1, "Can't combine \"^\" and \"all\".")]
    [InlineData("type='hvm'\nvif=['rate=1']", 1, "f: config parsing error in vif: invalid rate in `1'")]
    public void A_mistake_ends_with_the_words_and_the_code_of_xl(string lines, int exitCode, string message)
    {
        var result = Load(lines);

        Assert.Null(result.Config);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(message, result.Diagnostics[^1].Text);
        Assert.Equal(DiagnosticSeverity.Error, result.Diagnostics[^1].Severity);
    }

    [Theory]
    [InlineData("memory=['1']", "f:2: warning: parameter `memory' is a list but should be a single value")]
    [InlineData("disk='x'", "f:2: warning: parameter `disk' is a single value but should be a list")]
    [InlineData("memory+=1", "f:2: warning: can't use += with numbers for parameter `memory'")]
    [InlineData("memory=99999999999999999999", "f:2: warning: parameter `memory' could not be parsed as a number: Numerical result out of range")]
    [InlineData("acpi='yes'", "f:2: warning: parameter `acpi' is not a valid number")]
    [InlineData("cmdline='a'\nroot='b'", "Warning: ignoring root= and extra= in favour of cmdline=")]
    [InlineData("bootloader_args='a b'", "WARNING: Specifying \"bootloader_args\" as a string is deprecated. Please use a list of arguments.")]
    [InlineData("vif2=[]", "WARNING: vif2: netchannel2 is deprecated and not supported by xl")]
    public void A_doubtful_value_warns_and_the_file_still_loads(string lines, string message)
    {
        var result = DomainConfigParser.Parse($"name='x'; type='hvm'\n{lines}\n", "f");

        Assert.Equal(message, Assert.Single(result.Diagnostics).Text);
        Assert.NotNull(result.Config);
    }

    [Theory]
    [InlineData("max_grant_frames")]
    [InlineData("max_maptrack_frames")]
    [InlineData("max_grant_version")]
    public void A_bad_grant_limit_ends_xl_without_a_word(string key)
    {
        var result = Load($"type='hvm'\n{key}='many'");

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public void Unset_stays_unset()
    {
        var config = Load("type='hvm'").Config!;

        Assert.Null(config.Acpi);
        Assert.Null(config.Hvm!.XenPlatformPci);
        Assert.Null(config.Hvm.Vnc.Enable);
        Assert.Equal((ShutdownAction.Destroy, ShutdownAction.Restart), (config.OnCrash, config.OnReboot));
        Assert.Equal((1L, 1L, 32ul * 1024), (config.VcpusOnline, config.VcpusMax, config.TargetMemKb));
    }

    [Fact]
    public void Named_modes_are_taken_in_any_case()
    {
        var result = Load("type='hvm'\ntsc_mode='Native'\ntimer_mode='no_missed_ticks_pending'");

        Assert.Equal((TscMode.Native, TimerMode.NoMissedTicksPending), (result.Config!.TscMode, result.Config.TimerMode!.Value));
        Assert.Equal("got a tsc mode string: \"Native\"", Assert.Single(result.Diagnostics).Text);
    }

    [Fact]
    public void A_serial_port_or_a_list_of_them()
    {
        Assert.Equal("pty", Load("type='hvm'\nserial='pty'").Config!.Hvm!.Serial);
        Assert.Equal(["pty", "tcp::1"], Load("type='hvm'\nserial=['pty','tcp::1']").Config!.Hvm!.SerialList);
    }

    [Fact]
    public void Root_and_extra_make_a_command_line() =>
        Assert.Equal("root=/dev/xvda1 ro quiet", Load("type='hvm'\nroot='/dev/xvda1'\nextra='ro quiet'").Config!.Cmdline);

    [Fact]
    public void A_pv_guest_with_vnc_gets_a_framebuffer()
    {
        var fromTop = Load("kernel='k'\nvnc=1\nvncpasswd='p'").Config!;
        var own = Load("kernel='k'\nvfb=['vnc=1, vncdisplay=3,keymap=de']\nvnc=1").Config!;

        Assert.Equal("p", Assert.Single(fromTop.Vfbs).Vnc.Passwd);
        Assert.Equal((3L, "de"), (Assert.Single(own.Vfbs).Vnc.Display, own.Vfbs[0].Keymap));
    }

    [Fact]
    public void Every_key_has_a_type_and_a_default()
    {
        Assert.Equal(new XlKey("vcpus", XlKeyType.Number, "1"), XlKeys.Find("vcpus"));
        Assert.Equal("destroy", XlKeys.Find("on_crash")!.Default);
        Assert.Null(XlKeys.Find("nosuchoption"));
        Assert.True(XlKeys.All.Count > 140, $"{XlKeys.All.Count} keys");
    }

    private static DomainConfig LoadExample(string name)
    {
        var result = DomainConfigParser.Parse(XlTestData.Read(name), name);
        Assert.Equal(TscModeWarning, Assert.Single(result.Diagnostics).Text);
        Assert.Equal(0, result.ExitCode);
        var config = result.Config!;
        Assert.Equal((DomainType.Hvm, "f16pvhvm", null), (config.Type, config.Name, config.Uuid));
        Assert.Equal((1L, 1L, TscMode.Default), (config.VcpusOnline, config.VcpusMax, config.TscMode));
        Assert.Equal((true, true, true), (config.Acpi, config.Apic, config.Hvm!.Pae));
        Assert.Equal(ShutdownAction.Destroy, config.OnPoweroff);
        Assert.Equal((ShutdownAction.Restart, ShutdownAction.Restart), (config.OnReboot, config.OnCrash));
        var hvm = config.Hvm;
        Assert.Equal(("cd", "pty", "tablet", true), (hvm.Boot, hvm.Serial, hvm.UsbDevice, hvm.Usb));
        Assert.Equal((true, false, true), (hvm.XenPlatformPci, hvm.Sdl.Enable, hvm.Vnc.Enable));
        var nic = Assert.Single(config.Nics);
        Assert.Equal(("00:16:4f:02:02:15", "virbr0", "e1000", 0ul), (nic.Mac.ToString(), nic.Bridge, nic.Model, nic.Devid!.Value));
        Assert.Equal(["hda", "hdc"], config.Disks.Select(disk => disk.Vdev));
        Assert.Equal((true, false, DiskFormat.Raw), (config.Disks[0].ReadWrite, config.Disks[0].IsCdrom, config.Disks[0].Format));
        Assert.Equal((false, true, true), (config.Disks[1].ReadWrite, config.Disks[1].IsCdrom, config.Disks[1].Removable));
        return config;
    }

    private static DomainConfigResult Load(string lines) => DomainConfigParser.Parse($"name='x'\n{lines}\n", "f");
}
