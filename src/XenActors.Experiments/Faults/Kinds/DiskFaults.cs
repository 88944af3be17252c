using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>The host's disks.</summary>
internal static class DiskFaults
{
    private const string Place = "phys/disks (injection point InjectDiskFault)";

    private static readonly FaultParameter Requests =
        new("requests", FaultValue.Choice, "all", "all|reads|writes|flushes", "which requests");

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "disk-eio",
            Subject = FaultSubject.Disks,
            Summary = "requests to a volume fail with EIO; what fails has written nothing",
            StandsFor = "bad sectors, a pulled drive, a path that fails",
            Place = Place,
            Heals = "requests succeed; what has failed stays failed",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Volume, Requests, Shared.Chance("1", "chance for each request"), Shared.Count("unlimited", "failures")],
            Begin = static work => Fail(work, Reach(work), DiskStatus.IoError, torn: false),
        },
        new()
        {
            Name = "disk-enospc",
            Subject = FaultSubject.Disks,
            Summary = "writes to a volume fail with ENOSPC",
            StandsFor = "a full thin pool, a sparse file on a full file system",
            Place = Place,
            Heals = "there is room again; what has failed stays failed",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Volume, Shared.Chance("1", "chance for each write"), Shared.Count("unlimited", "failures")],
            Begin = static work => Fail(work, DiskFaultReach.Writes, DiskStatus.NoSpace, torn: false),
        },
        new()
        {
            Name = "disk-torn",
            Subject = FaultSubject.Disks,
            Summary = "a write fails with EIO after its first sectors were written",
            StandsFor = "a drive or a path that fails in the middle of a transfer",
            Place = Place,
            Heals = "writes succeed; the torn ones stay as they are",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Volume, Shared.Chance("1", "chance for each write"), Shared.Count("1", "failures")],
            Begin = static work => Fail(work, DiskFaultReach.Writes, DiskStatus.IoError, torn: true),
        },
        new()
        {
            Name = "disk-slow",
            Subject = FaultSubject.Disks,
            Summary = "requests to the disks take longer; their order stays",
            StandsFor = "a rebuilding array, a noisy neighbour, garbage collection of an SSD",
            Place = "phys/disks",
            Heals = "what is late is served first",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Volume, Shared.Time("delay", "20ms", "how much longer")],
            Begin = static work =>
            {
                var only = Only(work);
                var delay = work.Settings.Duration("delay");
                work.Late("phys/disks", delay, (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = "";
                    if (VolumeOf(in delivery) is not { } volume || (only is { } one && one != volume))
                    {
                        return Verdict.Pass;
                    }

                    what = $"{delivery.Type.Type.Name} takes {delay} longer";
                    return Verdict.Deliver;
                });
            },
        },
        new()
        {
            Name = "disk-power-loss",
            Subject = FaultSubject.Disks,
            Summary = "the disks lose their power: what lay in their caches and was not flushed is old or new, sector by sector; nothing is answered",
            StandsFor = "a shelf without a battery; a volatile write cache",
            Place = "phys/disks (PowerLost)",
            Heals = "the disks answer again; what was asked meanwhile was lost and is never answered",
            Effect = FaultEffect.Degrading,
            LosesOrder = true,
            Begin = static work =>
            {
                work.Degrade("host");
                var disks = work.Site.Machine.Disks;
                work.Tell(disks, new PowerLost(), "the disks lose their power");
                work.AtEnd(() => work.Tell(disks, new PowerRestored(), "the disks have power"));
            },
        },
    ];

    private static void Fail(FaultWork work, DiskFaultReach reach, DiskStatus status, bool torn)
    {
        work.Degrade("host");
        var machine = work.Site.Machine;
        var order = new InjectDiskFault(Only(work), reach, status, torn, work.Settings.Number("probability"), work.Settings.Count("count"));
        work.Order(machine.Disks, in order, order with { Status = DiskStatus.Ok }, () => machine.Simulator.StateOf<DiskState>(machine.Disks)?.FaultsDone ?? 0);
    }

    private static DiskFaultReach Reach(FaultWork work) => work.Settings.Text("requests") switch
    {
        "reads" => DiskFaultReach.Reads,
        "writes" => DiskFaultReach.Writes,
        "flushes" => DiskFaultReach.Flushes,
        _ => DiskFaultReach.All,
    };

    private static VolumeId? Only(FaultWork work) => work.Settings.Text("volume") is { } path and not "all"
        ? work.Site.Volume(path, work.Settings.PlaceOf("volume"))
        : null;

    private static VolumeId? VolumeOf(in Delivery delivery) => delivery.TryGet<DiskRead>(out var read) ? read.Volume
        : delivery.TryGet<DiskWrite>(out var write) ? write.Volume
        : delivery.TryGet<DiskFlush>(out var flush) ? flush.Volume
        : delivery.TryGet<DiskDiscard>(out var discard) ? discard.Volume
        : null;
}
