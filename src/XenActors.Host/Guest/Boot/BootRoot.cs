using XenActors.Simulation;

namespace XenActors.Guest.Boot;

/// <summary>The end of the boot: the root file system, and drivers that are still busy.</summary>
internal static class BootRoot
{
    public static IEnumerable<BootAsk> Mount(BootRun run)
    {
        yield return BootAsk.RootDisk(VirtualDuration.FromSeconds(run.Profile.Number("root-wait-seconds", 30)));
        if (run.Answer.A != 0)
        {
            var root = CommandLine.Value(run.State.Spec.CommandLine, "root") ?? "";
            var reason = (root.Length == 0 ? run.Profile.Format("root-unset-reason") : null)
                ?? run.Profile.Format("root-missing-reason", ("root", root)) ?? "VFS: Unable to mount root fs";
            run.Print("root-missing", ("root", root));
            if (run.Live)
            {
                run.State.Outcome = new(false, reason + Unplugged(run.State));
            }
        }
    }

    private static string Unplugged(GuestKernelState state) =>
        ((state.Facts.UnplugWritten ?? 0) & UnplugState.IdeDisks) != 0 && !state.Disks.Exists(d => !d.Removable)
            ? " (the emulated disks were unplugged, and no PV disk came)"
            : "";

    public static IEnumerable<BootAsk> Settled(BootRun run)
    {
        yield return BootAsk.XenbusSettled(BootXenbus.Patience);
        yield return BootAsk.ScansDone();
        if (run.Live)
        {
            run.State.Outcome = new(true, $"root file system on {run.State.RootDevice}");
        }
    }
}
