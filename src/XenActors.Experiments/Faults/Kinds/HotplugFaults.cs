using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>Hotplug scripts that libxl runs for disks and network cards.</summary>
internal static class HotplugFaults
{
    private const string Scripts = "dom0/toolstack/xl-*/*Script-*";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "hotplug-error",
            Subject = FaultSubject.Hotplug,
            Summary = "a hotplug script gives up: hotplug-error and hotplug-status error in the backend's directory",
            StandsFor = "a bridge or a loop device that is missing; a script of the wrong version",
            Place = "scripts as they run (dom0/toolstack/xl-*/*Script-*)",
            Heals = "scripts succeed; the creation that met it has failed",
            Effect = FaultEffect.Degrading,
            Parameters =
            [
                new("error", FaultValue.Text, "xenstore-read failed", "words", "what it says"),
                Shared.Chance("1", "chance for each run"), Shared.Count("1"),
            ],
            Begin = static work =>
            {
                var error = work.Settings.Text("error");
                DegradeAll(work);
                work.On(Scripts, (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = $"a script says: {error}";
                    if (!delivery.TryGet<ScriptWorked>(out var m))
                    {
                        return Verdict.Pass;
                    }

                    delivery.Replace(m with { Error = error });
                    return Verdict.Deliver;
                });
            },
        },
        new()
        {
            Name = "hotplug-timeout",
            Subject = FaultSubject.Hotplug,
            Summary = "a hotplug script never ends; libxl gives it 40 s",
            StandsFor = "a script that waits for a lock or for udev (faults of hotplug-status that never comes)",
            Place = "scripts as they run (dom0/toolstack/xl-*/*Script-*)",
            Heals = "scripts end again; the one that hangs stays",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Chance("1", "chance for each run"), Shared.Count("1")],
            Begin = static work =>
            {
                DegradeAll(work);
                work.On(Scripts, static (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = "a script hangs";
                    return delivery.Type == Message<ScriptWorked>.Type ? Verdict.Drop : Verdict.Pass;
                });
            },
        },
    ];

    // Whose script it will be is not known before.
    private static void DegradeAll(FaultWork work)
    {
        foreach (var domain in work.Site.Machine.Guests)
        {
            work.Degrade($"dom{domain}");
        }
    }
}
