using XenActors.Hypervisor.Domains;

namespace XenActors.Guest.Boot;

/// <summary>The steps of a boot by name, in order: Linux' init stages as far as they matter here.</summary>
public static class BootPlan
{
    public const string DriverPrefix = "driver:";
    public const string ModulePrefix = "module:";

    // The link order of what may be built in.
    private static readonly string[] Linked =
        [
        "xen-platform-pci", "ata_piix", "sd_mod", "sr_mod", "xen-blkfront", "xen-netfront", "e1000", "8139cp", "usb", "xen-kbdfront",
        "xen-fbfront",
    ];

    public static List<string> For(DomainSpec spec)
    {
        var pv = spec.Type == DomainType.Pv;
        var steps = new List<string> { "entry" };
        steps.AddRange(pv
            ? ["pv-start", "events", "timers", "balloon", "clocksource", "xenbus"]
            :
            [
                "firmware", "hypervisor", "unplug", "acpi", "paravirt", "events", "timers", "sci", "pci", "balloon", "clocksource", "pnp",
                "usb-quirks", "xenbus",
            ]);
        foreach (var name in Linked)
        {
            if (spec.Kernel.Has(name + "-builtin"))
            {
                steps.Add(DriverPrefix + name);
            }
        }

        steps.Add("late");
        Add(spec.Kernel.Modules);
        steps.Add("root");
        Add(spec.Kernel.RootModules);
        steps.Add("settled");
        return steps;

        void Add(List<string> modules)
        {
            foreach (var module in modules)
            {
                steps.Add(ModulePrefix + module);
            }
        }
    }

    /// <summary>The questions of one step.</summary>
    public static IEnumerable<BootAsk> Run(string step, BootRun run) => step switch
    {
        "entry" => BootEarly.Entry(run),
        "firmware" => BootEarly.Firmware(run),
        "hypervisor" => BootHypervisor.Detect(run),
        "unplug" => BootUnplug.Early(run),
        "resume-unplug" => BootUnplug.Again(run),
        "acpi" => BootEarly.Acpi(run),
        "paravirt" => BootEarly.Paravirt(run),
        "pv-start" => BootHypervisor.PvStart(run),
        "events" => BootHypervisor.Events(run),
        "timers" => BootHypervisor.Timers(run),
        "sci" => BootInterrupts.Sci(run),
        "pci" => BootPci.Enumerate(run),
        "balloon" => BootHypervisor.Balloon(run),
        "clocksource" => BootHypervisor.Clocksource(run),
        "pnp" => BootInterrupts.Pnp(run),
        "usb-quirks" => BootInterrupts.UsbQuirks(run),
        "xenbus" => BootXenbus.Initcall(run),
        "late" => BootXenbus.Late(run),
        "root" => BootRoot.Mount(run),
        "settled" => BootRoot.Settled(run),
        _ when step.StartsWith(DriverPrefix, StringComparison.Ordinal) => BootDrivers.Load(step[DriverPrefix.Length..], true, run),
        _ => BootDrivers.Load(step[ModulePrefix.Length..], false, run),
    };

    /// <summary>The profile's number that says how long the kernel is busy before this step, in microseconds.</summary>
    public static string TimeOf(string step) => "us-" + step.Replace(':', '-');
}
