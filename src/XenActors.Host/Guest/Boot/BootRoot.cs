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
            run.Print("root-missing", ("root", root));
            if (run.Live)
            {
                run.State.Outcome = new(false, run.Profile.Format("root-missing-reason", ("root", root)) ?? "VFS: Unable to mount root fs");
            }
        }
    }

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
