using System.Globalization;
using XenActors.Experiments.Fio;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A fio job in a guest.</summary>
internal sealed class FioWorkload(ScenarioWorkload plan) : Workload(plan)
{
    private Simulator? _simulator;
    private readonly List<ActorRef> _actors = [];

    public override bool Finished => Started && States().TrueForAll(s => s.Phase == FioPhase.Done);

    public override long Done => States().Sum(s => s.Reads.Ios + s.Writes.Ios + s.Trims.Ios + s.Findings.Checked + s.Syncs.Count);

    public override IReadOnlyList<string> Findings(bool undisturbed) => [.. States().SelectMany(s => s.Findings.Words.Select(w => $"{Plan.Name}: {Plan.Fio!.Filename}: {w}"))];

    public override string Summary
    {
        get
        {
            var states = States();
            var trims = states.Sum(s => s.Trims.Ios);
            var errors = states.Where(s => s.Error != 0).Select(s => s.Error.ToString()).Distinct().ToList();
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{states.Sum(s => s.Reads.Ios)} reads, {states.Sum(s => s.Writes.Ios)} writes, {(trims > 0 ? $"{trims} trims, " : "")}{states.Sum(s => s.Findings.Checked)} sectors checked, {states.Sum(s => s.Findings.Bad)} bad{(errors.Count > 0 ? ", " + string.Join(", ", errors) : "")}{(Finished ? "" : Started && states.TrueForAll(s => s.Phase == FioPhase.Opening) ? $", waits for {Plan.Fio!.Filename}" : ", not finished")}");
        }
    }

    public override void Start(ScenarioMachine machine)
    {
        _simulator = machine.Simulator;
        var job = Plan.Fio!;
        var guest = machine.Guest(Plan.Domain)!;
        var domain = guest.Domain;
        Life = domain;
        Device = DeviceOf(guest, job.DiskName);
        for (var i = 0; i < job.NumJobs; i++)
        {
            _actors.Add(_simulator.Spawn<FioActor, FioState>(
                guest.Machine.Places.Processes[domain],
                job.NumJobs == 1 ? $"fio-{job.Name}" : string.Create(CultureInfo.InvariantCulture, $"fio-{job.Name}.{i}"),
                new FioState
                {
                    Job = job,
                    Number = i,
                    Domain = domain,
                    Block = guest.Machine.BlockLayer(domain),
                    SubmitCost = new(guest.Site.Profile.Costs.GuestBlock.Nanoseconds / 2),
                }));
            _simulator.Remember(_actors[i]);
        }

        Started = true;
    }

    // By the driver that serves it; none where that is no blkfront.
    private static string DeviceOf(ScenarioGuest guest, string name)
    {
        var disk = guest.Machine.Kernel(guest.Domain)?.Disks.Find(d => d.Name == name || d.Partitions.Exists(p => d.NameOf(p.Number) == name));
        var driver = disk is null ? "" : guest.Machine.Simulator.PathOf(disk.Driver).Split('/')[^1];
        return driver.StartsWith("vbd-", StringComparison.Ordinal) ? $"dom{guest.Domain}/vbd/{driver[4..]}" : "";
    }

    // A process that ended with its domain is remembered as it was at its end.
    private List<FioState> States() => _simulator is null ? [] : [.. _actors.Select(a => _simulator.LastStateOf<FioState>(a)!)];
}
