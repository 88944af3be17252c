using System.Globalization;
using XenActors.Hypervisor.Domains;

namespace XenActors.Guest.Boot;

/// <summary>Drivers, built in or from the initramfs, by the names of their modules.</summary>
internal static class BootDrivers
{
    private const int ENODEV = 19;

    /// <summary>A driver that is there already is not loaded a second time.</summary>
    public static IEnumerable<BootAsk> Load(string name, bool builtIn, BootRun run) =>
        run.State.Drivers.FindIndex(0, run.State.DriversBefore, d => d.Name == name && d.Loaded) >= 0 ? [] : Dispatch(name, builtIn, run);

    private static IEnumerable<BootAsk> Dispatch(string name, bool builtIn, BootRun run) => name switch
    {
        "xen-platform-pci" => BootPlatform.Load(name, builtIn, run),
        "xen-blkfront" or "xen-vbd" => Frontend(name, "vbd", builtIn, run),
        "xen-netfront" or "xen-vnif" => Frontend(name, "vif", builtIn, run),
        "xen-kbdfront" when builtIn => BehindI8042(name, run),
        "xen-kbdfront" => Frontend(name, "vkbd", builtIn, run),
        "xen-fbfront" => Frontend(name, "vfb", builtIn, run),
        "ata_piix" or "piix" => BootAta.Load(name, builtIn, run),
        "sd_mod" => BootAta.TakeDisks(name, builtIn, run),
        "sr_mod" => BootAta.TakeCdroms(name, builtIn, run),
        "e1000" or "8139cp" => BootNic.Load(name, builtIn, run),
        "usb" => BootInterrupts.Usb(run),
        _ => Other(name, builtIn, run),
    };

    public static void Record(BootRun run, string name, bool builtIn, int errno = 0, string why = "")
    {
        if (run.Live)
        {
            run.State.Drivers.Add(new(name, builtIn, errno, why));
        }
    }

    /// <summary>Refused, in words that a report can show.</summary>
    public static void Refuse(BootRun run, string name, bool builtIn, string why) => Record(run, name, builtIn, ENODEV, why);

    // A file system or a helper: nothing of it shows here.
    private static IEnumerable<BootAsk> Other(string name, bool builtIn, BootRun run)
    {
        Record(run, name, builtIn);
        yield break;
    }

    // serio's drivers are linked before those of input devices.
    private static IEnumerable<BootAsk> BehindI8042(string name, BootRun run)
    {
        foreach (var ask in BootInterrupts.I8042(run))
        {
            yield return ask;
        }

        foreach (var ask in Frontend(name, "vkbd", true, run))
        {
            yield return ask;
        }
    }

    private static IEnumerable<BootAsk> Frontend(string name, string type, bool builtIn, BootRun run)
    {
        var (facts, spec) = (run.State.Facts, run.State.Spec);
        var hvm = spec.Type != DomainType.Pv;

        // udev loads it for a device on the bus; an initramfs' list loads it anyhow.
        if (run.Profile.Has("modules-by-alias") && run.Profile.RootModules.Contains(name) &&
            run.State.XenbusNodes?.Exists(n => n.StartsWith($"device/{type}/", StringComparison.Ordinal)) != true)
        {
            yield break;
        }

        if (!facts.OnXen || facts.NoPv)
        {
            Refuse(run, name, builtIn, facts.NoPv ? "nopv" : "no-xen");
            yield break;
        }

        if (hvm && run.Profile.Has("frontends-check-unplug") && !facts.HasPvDevices(hvm))
        {
            Refuse(run, name, builtIn, "no-unplug");
            yield break;
        }

        if (type == "vif")
        {
            run.Say("netfront-init");
        }

        var queues = run.Profile.Number("blkfront-max-queues", 1);
        if (type == "vbd" && queues > spec.Vcpus)
        {
            run.Print(
                "blkfront-max-queues-invalid",
                ("queues", queues.ToString(CultureInfo.InvariantCulture)),
                ("cpus", spec.Vcpus.ToString(CultureInfo.InvariantCulture)));
        }

        Record(run, name, builtIn);
        yield return BootAsk.RegisterDriver(type);
        if (!builtIn)
        {
            // A driver that is registered after the boot's own wait waits for its devices itself.
            yield return BootAsk.XenbusSettled(BootXenbus.Patience);
            yield return BootAsk.ScansDone();
        }
    }
}
