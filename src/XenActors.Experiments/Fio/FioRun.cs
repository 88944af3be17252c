using XenActors.Experiments.Compare;
using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>One job of a file with its processes, while they run and after.</summary>
public sealed record FioJobRun(FioJob Job, ushort Domain, IReadOnlyList<ActorRef> Actors);

/// <summary>Jobs in the guests of a machine that has booted.</summary>
public sealed class FioRun
{
    // Between looks at the jobs; no part of the history depends on it.
    private static readonly VirtualDuration Slice = VirtualDuration.FromMilliseconds(100);

    /// <summary>A job whose disk never answers is given up after so long.</summary>
    private static readonly VirtualDuration SilenceMax = VirtualDuration.FromSeconds(120);

    private readonly XenMachine _machine;
    private readonly SortedDictionary<(ushort, string), DiskStats> _before = [];

    private DomainActivity _activityBefore = null!;

    private FioRun(XenMachine machine) => _machine = machine;

    /// <summary>What the jobs' guests, the hypervisor and dom0 have done since the jobs began.</summary>
    public DomainActivity Activity => DomainActivity.Of(_machine, Domains) - _activityBefore;

    private SortedSet<ushort> Domains => [.. Jobs.Select(j => j.Domain)];

    public List<FioJobRun> Jobs { get; } = [];

    /// <summary>Starts all jobs now, each in its guest.</summary>
    /// <exception cref="UserErrorException">A job names a guest or a device that is not there.</exception>
    public static FioRun Start(XenMachine machine, IReadOnlyList<FioJob> jobs, HostProfile host)
    {
        var run = new FioRun(machine);
        foreach (var job in jobs)
        {
            var domain = run.Find(job);
            var disk = run.DiskOf(domain, job);
            run._before[(domain, disk.Name)] = Copy(disk.Stats);
            var actors = new List<ActorRef>();
            for (var i = 0; i < job.NumJobs; i++)
            {
                var state = new FioState
                {
                    Job = job,
                    Number = i,
                    Domain = domain,
                    Block = machine.BlockLayer(domain),
                    SubmitCost = host.Costs.GuestBlockHalf,
                };
                actors.Add(machine.Simulator.Spawn<FioActor, FioState>(machine.Places.Processes[domain], job.NumJobs == 1 ? $"fio-{job.Name}" : $"fio-{job.Name}.{i}", state));
            }

            run.Jobs.Add(new(job, domain, actors));
        }

        run._activityBefore = DomainActivity.Of(machine, run.Domains);
        return run;
    }

    public IReadOnlyList<FioState> StatesOf(FioJobRun job) => [.. job.Actors.Select(a => _machine.Simulator.StateOf<FioState>(a)!)];

    /// <summary>Every process has ended; false when their disks do not answer any more.</summary>
    public bool ToTheEnd(Action<VirtualTime>? progress, CancellationToken cancel)
    {
        var (seen, since) = (-1L, _machine.Simulator.Now);
        while (Jobs.Exists(j => StatesOf(j).Any(s => s.Phase != FioPhase.Done)))
        {
            cancel.ThrowIfCancellationRequested();
            _machine.Simulator.RunFor(Slice);
            progress?.Invoke(_machine.Simulator.Now);
            var done = Jobs.Sum(j => StatesOf(j).Sum(s => s.Reads.Ios + s.Writes.Ios + s.Trims.Ios + s.Findings.Checked + s.Syncs.Count));
            if (done != seen)
            {
                (seen, since) = (done, _machine.Simulator.Now);
            }
            else if (_machine.Simulator.Now - since > SilenceMax)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The disks that the jobs use, each with what its counters have gained since the jobs began.</summary>
    public IReadOnlyList<(string Name, DiskStats Stats)> Disks()
    {
        var disks = new List<(string, DiskStats)>();
        foreach (var ((domain, name), before) in _before)
        {
            if (Layer(domain).Queue(name) is { } queue)
            {
                disks.Add((name, Gained(queue.Stats, before)));
            }
        }

        return disks;
    }

    private BlockLayerState Layer(ushort domain) => _machine.Simulator.StateOf<BlockLayerState>(_machine.BlockLayer(domain))!;

    private ushort Find(FioJob job)
    {
        foreach (var domain in _machine.Guests)
        {
            if (_machine.Kernel(domain) is { } kernel && (job.Guest.Length == 0 || kernel.Spec.Name == job.Guest))
            {
                return domain;
            }
        }

        var names = _machine.Guests.Select(d => _machine.Kernel(d)?.Spec.Name).OfType<string>();
        throw new UserErrorException(job.Guest.Length == 0 ? "no guest runs" : $"job {job.Name}: no guest {job.Guest} runs; there are {string.Join(", ", names)}");
    }

    private DiskQueue DiskOf(ushort domain, FioJob job)
    {
        var names = new List<string>();
        foreach (var queue in Layer(domain).Queues)
        {
            if (queue.Gone)
            {
                continue;
            }

            if (queue.Name == job.Filename || queue.Partitions.Exists(p => GuestDisk.NameOf(queue.Name, p.Number) == job.Filename))
            {
                return queue;
            }

            names.Add(queue.Name);
            names.AddRange(queue.Partitions.Select(p => GuestDisk.NameOf(queue.Name, p.Number)));
        }

        var nearest = Profiles.HostSettings.Nearest(job.Filename, names);
        throw new UserErrorException($"job {job.Name}: the guest has no device {job.Filename}{nearest}; it has {(names.Count == 0 ? "none" : string.Join(", ", names))}");
    }

    private static DiskStats Copy(DiskStats stats) => new()
    {
        Reads = stats.Reads,
        Writes = stats.Writes,
        Discards = stats.Discards,
        Flushes = stats.Flushes,
        Busy = stats.Busy,
        Errors = stats.Errors,
    };

    private static DiskStats Gained(DiskStats now, DiskStats before) => new()
    {
        Reads = Minus(now.Reads, before.Reads),
        Writes = Minus(now.Writes, before.Writes),
        Discards = Minus(now.Discards, before.Discards),
        Flushes = Minus(now.Flushes, before.Flushes),
        Busy = now.Busy - before.Busy,
        Errors = now.Errors - before.Errors,
    };

    private static DiskCounts Minus(DiskCounts now, DiskCounts before) => new()
    {
        Ios = now.Ios - before.Ios,
        Merges = now.Merges - before.Merges,
        Sectors = now.Sectors - before.Sectors,
        Ticks = now.Ticks - before.Ticks,
    };
}
