namespace XenActors.Toolstack.Xl;

/// <summary>What <c>xl create -n</c> prints on stdout: the domain in the order of libxl's IDL, without defaults.</summary>
public static class DomainJson
{
    /// <param name="config">The domain.</param>
    /// <param name="uuid">Its uuid: the file's, or the one that was drawn for it.</param>
    public static string Of(DomainConfig config, string uuid)
    {
        var json = new XlJsonWriter();
        json.Map(null, () =>
        {
            json.Map("c_info", () => CreateInfo(json, config, uuid));
            json.Map("b_info", () => BuildInfo(json, config));
            Devices(json, config);
            Action(json, "on_poweroff", config.OnPoweroff);
            Action(json, "on_reboot", config.OnReboot);
            Action(json, "on_watchdog", config.OnWatchdog);
            Action(json, "on_crash", config.OnCrash);
            Action(json, "on_soft_reset", config.OnSoftReset);
        });
        return json.ToString();
    }

    private static void CreateInfo(XlJsonWriter json, DomainConfig config, string uuid)
    {
        json.String("type", TypeName(config.Type));
        json.DefBool("hap", config.Hap);
        json.String("ssid_label", config.SecurityLabel);
        json.String("name", config.Name);
        json.String("uuid", uuid);
        json.String("pool_name", config.Pool);
        json.DefBool("run_hotplug_scripts", true);
        json.DefBool("driver_domain", config.DriverDomain);
    }

    private static void BuildInfo(XlJsonWriter json, DomainConfig config)
    {
        json.Number("max_vcpus", config.MaxVcpus is null or 0 ? null : config.MaxVcpus);
        if (config.Vcpus is > 0 and var online)
        {
            json.List("avail_vcpus", () =>
            {
                for (var vcpu = 0L; vcpu < online; vcpu++)
                {
                    json.Number(null, vcpu);
                }
            });
        }

        json.String("tsc_mode", config.TscMode == TscMode.Default ? null : NameOf(XlNames.TscModes, config.TscMode));
        json.Unsigned("max_memkb", config.Memory == null && config.MaxMem == null ? null : config.MaxMemKb);
        json.Unsigned("target_memkb", config.Memory == null ? null : config.TargetMemKb);
        json.Unsigned("video_memkb", config.VideoRam is { } video ? DomainConfig.Kb(video) : null);
        json.Unsigned("shadow_memkb", config.ShadowMemory is { } shadow ? DomainConfig.Kb(shadow) : null);
        json.Number("rtc_timeoffset", config.RtcTimeoffset is 0 ? null : config.RtcTimeoffset);
        json.DefBool("localtime", config.Localtime);
        json.DefBool("disable_migrate", config.NoMigrate);
        json.Number("max_grant_frames", config.MaxGrantFrames);
        json.Number("max_maptrack_frames", config.MaxMaptrackFrames);
        json.Number("max_grant_version", config.MaxGrantVersion);
        json.String("device_model_version", config.DeviceModelVersion switch
        {
            DeviceModelVersion.QemuXen => "qemu_xen",
            DeviceModelVersion.QemuXenTraditional => "qemu_xen_traditional",
            _ => null,
        });
        json.DefBool("device_model_stubdomain", config.DeviceModelStubdomain);
        json.String("device_model", config.DeviceModelOverride);
        json.Strings("extra", config.DeviceModelArgs);
        json.Strings("extra_pv", config.DeviceModelArgsPv);
        json.Strings("extra_hvm", config.DeviceModelArgsHvm);
        json.Map("sched_params", () =>
        {
            json.Number("weight", config.CpuWeight);
            json.Number("cap", config.Cap);
        });
        json.DefBool("claim_mode", true);
        json.Number("event_channels", config.EventChannels is 0 ? null : config.EventChannels);
        Boot(json, config);
        json.Map($"type.{TypeName(config.Type)}", () => ByType(json, config));
        json.Map("arch_arm", () => { });
        json.Map("arch_x86", () => { });
    }

    private static void Boot(XlJsonWriter json, DomainConfig config)
    {
        json.String("kernel", config.Kernel);
        json.String("cmdline", config.Cmdline);
        json.String("ramdisk", config.Ramdisk);
        json.DefBool("acpi", config.Acpi);
        json.String("bootloader", config.Bootloader);
        json.Strings("bootloader_args", config.BootloaderArgs);
        json.String("timer_mode", config.TimerMode is { } mode ? NameOf(XlNames.TimerModes, mode) : null);
        json.DefBool("nested_hvm", config.NestedHvm);
        json.DefBool("apic", config.Apic);
        json.DefBool("dm_restrict", config.DmRestrict);
    }

    private static void ByType(XlJsonWriter json, DomainConfig config)
    {
        if (config.Hvm is not { } hvm)
        {
            json.DefBool("e820_host", config.E820Host);
            return;
        }

        json.String("firmware", hvm.Firmware);
        json.String("bios", hvm.Bios is { } bios ? NameOf(XlNames.BiosTypes, bios) : null);
        json.DefBool("pae", hvm.Pae);
        json.DefBool("acpi_s3", hvm.AcpiS3);
        json.DefBool("acpi_s4", hvm.AcpiS4);
        json.DefBool("nx", hvm.Nx);
        json.DefBool("viridian", hvm.Viridian);
        json.DefBool("hpet", hvm.Hpet);
        json.DefBool("vpt_align", hvm.VptAlign);
        json.String("hdtype", hvm.HdType is { } hdtype ? NameOf(XlNames.HdTypes, hdtype) : null);
        json.DefBool("nographic", hvm.NoGraphic);
        json.Map("vga", () => json.String("kind", hvm.Vga switch
        {
            VgaKind.Std => "std",
            VgaKind.None => "none",
            VgaKind.Qxl => "qxl",
            VgaKind.Cirrus => "cirrus",
            _ => null,
        }));
        DeviceJson.Write(json, hvm.Vnc);
        json.String("keymap", hvm.Keymap);
        DeviceJson.Write(json, hvm.Sdl);
        json.Map("spice", () => json.DefBool("enable", hvm.Spice));
        json.String("serial", hvm.Serial);
        json.String("boot", hvm.Boot);
        json.DefBool("usb", hvm.Usb);
        json.Number("usbversion", hvm.UsbVersion is 0 ? null : hvm.UsbVersion);
        json.String("usbdevice", hvm.UsbDevice);
        json.DefBool("vkb_device", hvm.VkbDevice);
        json.String("soundhw", hvm.SoundHw);
        json.DefBool("xen_platform_pci", hvm.XenPlatformPci);
        json.Strings("usbdevice_list", hvm.UsbDeviceList);
        json.Strings("serial_list", hvm.SerialList);
        json.Map("rdm", () => { });
    }

    private static void Devices(XlJsonWriter json, DomainConfig config)
    {
        List("disks", config.Disks, (disk, _) => DeviceJson.Write(json, disk));
        List("nics", config.Nics, (nic, _) => DeviceJson.Write(json, nic));
        List("vfbs", config.Vfbs, (vfb, devid) => DeviceJson.Write(json, vfb, devid));
        List("vkbs", config.Vfbs, (_, devid) => json.Map(null, () => json.Number("devid", devid)));

        void List<T>(string key, IReadOnlyList<T> devices, Action<T, int> write)
        {
            if (devices.Count > 0)
            {
                json.List(key, () =>
                {
                    for (var i = 0; i < devices.Count; i++)
                    {
                        write(devices[i], i);
                    }
                });
            }
        }
    }

    private static void Action(XlJsonWriter json, string key, ShutdownAction action) => json.String(key, action switch
    {
        ShutdownAction.Restart => "restart",
        ShutdownAction.RenameRestart => "restart_rename",
        ShutdownAction.Preserve => "preserve",
        ShutdownAction.CoredumpDestroy => "coredump_destroy",
        ShutdownAction.CoredumpRestart => "coredump_restart",
        ShutdownAction.SoftReset => "soft_reset",
        _ => null,
    });

    private static string TypeName(DomainType type) => type switch
    {
        DomainType.Hvm => "hvm",
        DomainType.Pv => "pv",
        _ => "pvh",
    };

    private static string NameOf<T>((string Name, T Value)[] names, T value)
        where T : struct, Enum
    {
        foreach (var entry in names)
        {
            if (EqualityComparer<T>.Default.Equals(entry.Value, value))
            {
                return entry.Name;
            }
        }

        throw new InvalidOperationException($"no name for {value}");
    }
}
