using XenActors.Experiments.Fio;
using XenActors.Simulation;

namespace XenActors.Experiments.Compare;

/// <summary>One job on one path to the disk.</summary>
/// <param name="Name">emulated or pv.</param>
/// <param name="Device">As the guest calls it.</param>
/// <param name="Driver">As <c>ata_piix</c> or <c>xen-blkfront</c>.</param>
public sealed record DiskPathResult(string Name, string Device, string Driver, FioRun Fio, DomainActivity Activity)
{
    private IEnumerable<FioState> States => Fio.Jobs.SelectMany(Fio.StatesOf);

    public long Ios => States.Sum(s => s.Reads.Ios + s.Writes.Ios);

    public long Bytes => States.Sum(s => s.Reads.Bytes + s.Writes.Bytes);

    public VirtualDuration Runtime => new(States.Max(s => s.Ended.Nanoseconds) - States.Min(s => s.Started.Nanoseconds));

    public double Iops => Ios / (Runtime.Nanoseconds / 1e9);

    public double Bandwidth => Bytes / (Runtime.Nanoseconds / 1e9);

    public LatencyHistogram Latency
    {
        get
        {
            var all = new LatencyHistogram();
            foreach (var state in States)
            {
                all.Add(state.Reads.Total);
                all.Add(state.Writes.Total);
            }

            return all;
        }
    }

    public bool Failed => States.Any(s => s.Error != 0 || s.Findings.Bad > 0);

    /// <summary>Requests that reached the disk's driver: splitting and merging lie between them and the job's.</summary>
    public long Requests => Fio.Disks().Sum(d => d.Stats.Reads.Ios + d.Stats.Writes.Ios + d.Stats.Flushes.Ios);

    public double Per(double count) => Ios == 0 ? 0 : count / Ios;

    /// <summary>Percent of one CPU.</summary>
    public double Cpu(VirtualDuration work) => 100.0 * work.Nanoseconds / Math.Max(1, Runtime.Nanoseconds);
}
