using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>Whole hosts.</summary>
internal static class HostFaults
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "host-power-off",
            Subject = FaultSubject.Hosts,
            Summary = "the host loses its power: nothing in it runs on, and its disks' caches are lost as with disk-power-loss",
            StandsFor = "a power cut, a pulled plug, fencing",
            Place = "all processes of the host; phys/disks (PowerLost)",
            Heals = "nothing: a host that is off stays off",
            Effect = FaultEffect.Degrading,
            LosesOrder = true,
            Begin = static work =>
            {
                var machine = work.Site.Machine;
                work.Degrade("host");
                work.Tell(machine.Disks, new PowerLost(), "the host loses its power");
                foreach (var domain in machine.Places.Processes.Keys)
                {
                    work.OnForEver($"dom{domain}/**", static (in Delivery delivery, ref RandomStream _, out string what) =>
                    {
                        what = $"{delivery.Type.Type.Name} finds no power";
                        return Verdict.Drop;
                    });
                }
            },
        },
    ];
}
