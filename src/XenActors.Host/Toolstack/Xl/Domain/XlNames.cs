namespace XenActors.Toolstack.Xl;

/// <summary>The words of xl's enumerations, with libxl's habit of taking them in any case.</summary>
internal static class XlNames
{
    public static readonly (string Name, TscMode Value)[] TscModes =
    [
        ("default", TscMode.Default), ("always_emulate", TscMode.AlwaysEmulate), ("native", TscMode.Native),
        ("native_paravirt", TscMode.NativeParavirt),
    ];

    public static readonly (string Name, TimerMode Value)[] TimerModes =
    [
        ("delay_for_missed_ticks", TimerMode.DelayForMissedTicks),
        ("no_delay_for_missed_ticks", TimerMode.NoDelayForMissedTicks),
        ("no_missed_ticks_pending", TimerMode.NoMissedTicksPending),
        ("one_missed_tick_pending", TimerMode.OneMissedTickPending),
    ];

    public static readonly (string Name, BiosType Value)[] BiosTypes =
        [("rombios", BiosType.Rombios), ("seabios", BiosType.Seabios), ("ovmf", BiosType.Ovmf)];

    public static readonly (string Name, HdType Value)[] HdTypes = [("ide", HdType.Ide), ("ahci", HdType.Ahci)];

    public static readonly (string Name, VgaKind Value)[] VgaKinds =
        [("stdvga", VgaKind.Std), ("cirrus", VgaKind.Cirrus), ("none", VgaKind.None), ("qxl", VgaKind.Qxl)];

    public static readonly (string Name, DeviceModelVersion Value)[] DeviceModelVersions =
        [("qemu-xen-traditional", DeviceModelVersion.QemuXenTraditional), ("qemu-xen", DeviceModelVersion.QemuXen)];

    public static readonly (string Name, ShutdownAction Value)[] ShutdownActions =
    [
        ("destroy", ShutdownAction.Destroy), ("restart", ShutdownAction.Restart),
        ("rename-restart", ShutdownAction.RenameRestart), ("preserve", ShutdownAction.Preserve),
        ("coredump-destroy", ShutdownAction.CoredumpDestroy), ("coredump-restart", ShutdownAction.CoredumpRestart),
        ("soft-reset", ShutdownAction.SoftReset),
    ];

    public static readonly string[] ViridianEnlightenments =
    [
        "base", "freq", "time_ref_count", "reference_tsc", "hcall_remote_tlb_flush", "apic_assist", "crash_ctl", "synic",
        "stimer", "hcall_ipi", "ex_processor_masks", "no_vp_limit", "cpu_hotplug",
    ];

    /// <summary>libxl's own look-ups ignore case, xl's do not.</summary>
    public static T? Find<T>((string Name, T Value)[] names, string name, StringComparison comparison)
        where T : struct, Enum
    {
        foreach (var entry in names)
        {
            if (string.Equals(entry.Name, name, comparison))
            {
                return entry.Value;
            }
        }

        return null;
    }
}
