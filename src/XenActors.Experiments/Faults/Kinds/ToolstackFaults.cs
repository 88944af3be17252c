using XenActors.Simulation;
using XenActors.Toolstack.Libxl;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>xl and libxl.</summary>
internal static class ToolstackFaults
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "toolstack-kill",
            Subject = FaultSubject.Toolstack,
            Summary = "a domain's xl process is gone between two of its steps; what it has done so far stays, its QEMU goes on, and nobody acts on the domain's end",
            StandsFor = "kill -9 of xl create, an SSH session that ends, the OOM killer",
            Place = "the domain's process below dom0/toolstack",
            Heals = "nothing: what was left behind is the operator's to clear",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Domain],
            Begin = static work =>
            {
                var domain = work.Guest();
                work.Degrade($"dom{domain}");
                foreach (var process in work.Find("dom0/toolstack/xl-*"))
                {
                    if (work.Simulator.StateOf<CreateState>(process)?.Request?.Domain == domain)
                    {
                        work.Tell(process, new XlKilled(), $"{work.Simulator.PathOf(process)} is killed");
                    }
                }
            },
        },
        new()
        {
            Name = "toolstack-twice",
            Subject = FaultSubject.Toolstack,
            Summary = "each of the operator's commands is given twice, in two shells at once",
            StandsFor = "two administrators, a retrying orchestrator (concurrent attach and detach)",
            Place = "the operator's commands as they reach dom0/toolstack",
            Heals = "commands come once",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Time("after", "0ms", "how much later the second one comes"), Shared.Count("unlimited")],
            Begin = static work =>
            {
                var after = work.Settings.Duration("after");
                var shell = work.Site.Machine.Operator;
                work.On("dom0/toolstack", (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = $"{delivery.Type.Type.Name} twice";
                    return delivery.From == shell ? Verdict.Duplicate(after) : Verdict.Pass;
                });
            },
        },
    ];
}
