using XenActors.Machine;

namespace XenActors.Experiments.Zoo;

/// <summary>Defects of the toolstack, of netback, and of guests' kernels outside of their drivers.</summary>
internal static class SystemDefects
{
    private const string File = "toolstack";

    public static IReadOnlyList<KnownDefect> All { get; } =
    [
        new("netback-no-final-check", Defects.NetbackNoFinalCheck, "netback",
            "ends its poll without a last look at req_prod after it has asked for the next event: a frame that came in between waits for ever",
            "public/io/ring.h, RING_FINAL_CHECK_FOR_REQUESTS; the lost wake-up that it is there for", "liveness", "net"),
        new("toolstack-deletes-keys-early", Defects.ToolstackDeletesKeysEarly, "toolstack",
            "removes a device's directories as soon as it has told the backend to close, before both ends are Closed",
            "xapi-project/xenopsd #613 (CA-314170)", "g3-device-states", File),
        new("toolstack-leaks-nodes-on-destroy", Defects.ToolstackLeaksNodesOnDestroy, "toolstack",
            "leaves /libxl/DOMID in the store when the domain is gone",
            "OpenXT #712, #713: domains that are gone and still listed", "g8-accounting", File),
        new("guest-no-unplug-after-restore", Defects.GuestNoUnplugAfterRestore, "guest kernel",
            "does not unplug the emulated disks again when it resumes with a new device model: both ways to each disk are open",
            "Xen 149b321279 (2018-06-12), unmodified_drivers: emulated devices are unplugged again at resume", "g5-single-writer", File),
    ];
}
