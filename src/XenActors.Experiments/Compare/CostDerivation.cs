using System.Globalization;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Compare;

/// <summary>
/// What the cost model's figures say about a comparison before anything is simulated: how long a request takes, and what is busy with it. The least of
/// the bounds is the path's; counts of events and grant operations are the run's own.
/// </summary>
public sealed record CostDerivation(IReadOnlyList<string> Lines, double EmulatedIops, double PvIops)
{
    /// <summary>Task file, PRD address, bus-master and status registers of one LBA48 DMA command (Linux libata on PIIX3).</summary>
    public const int ExitsPerDmaCommand = 23;

    public double Factor => PvIops / EmulatedIops;

    public static CostDerivation Of(DiskComparison run)
    {
        var (costs, disk) = (run.Host.Costs, run.Host.Disk);
        var lines = new List<string>();
        var bytes = run.Pv.Ios == 0 ? 0 : (double)run.Pv.Bytes / run.Pv.Ios;
        var write = run.Job is { Writes: true, Reads: false };
        var latency = (write ? disk.CacheLatency : run.Job.Random ? disk.Latency : disk.SequentialLatency).Nanoseconds / 1000.0;
        var transfer = bytes / disk.Bandwidth * 1e6;

        // Emulated: one command at a time on a channel, everything one after the other.
        var requests = run.Emulated.Ios == 0 ? 1 : Math.Max(1, (double)run.Emulated.Requests / run.Emulated.Ios);
        var exits = run.Emulated.Requests == 0 ? ExitsPerDmaCommand : (double)run.Emulated.Activity.Ioreqs / run.Emulated.Requests;
        var command = (exits * Us(costs.Ioreq)) + Us(costs.Eoi) + Us(costs.DeviceModelBlock) + latency + (transfer / requests) + (Us(costs.GuestBlock) / 2);
        var emulated = 1e6 / (command * requests);
        Add($"emulated, one command at a time: {exits:0.#} exits x {Us(costs.Ioreq):0.##} us + EOI {Us(costs.Eoi):0.##} + QEMU {Us(costs.DeviceModelBlock):0.##} + disk {latency + (transfer / requests):0.#} + guest {Us(costs.GuestBlock) / 2:0.##} = {command:0.#} us a command: {emulated:0} IOPS");

        // PV: whatever is scarce first.
        var pv = run.Pv.Activity;
        double Each(double count) => run.Pv.Per(count);
        double Call(string name) => Each(pv.Hypercalls.GetValueOrDefault(name));
        var grants = (Call("dom0 grant_table_op map") * Us(costs.MapBatch(1))) + (Call("dom0 grant_table_op unmap") * (Us(costs.PvHypercall) + Us(costs.TlbFlush)))
            + (Each(pv.GrantOperations) / 2 * Us(costs.GrantUnmap));
        var backend = run.Pv.Driver == "xen-blkfront" ? Us(costs.BackendBlock) : Us(costs.DeviceModelBlock);
        var dom0 = backend + grants + (Call("dom0 event_channel_op send") * Us(costs.PvHypercall));
        var guest = Us(costs.GuestBlock) + Us(costs.Copy((long)Each(pv.BytesCopied))) + (Call("guest event_channel_op send") * Us(costs.Hypercall));
        var depth = run.Job.IoDepth * run.Job.NumJobs;
        var trip = guest + dom0 + latency + transfer + (2 * Us(costs.Event)) + (depth == 1 ? 2 * Us(costs.Wake) : 0);
        var bounds = new (string Name, double Iops)[]
        {
            ("the disk's queue", write ? double.PositiveInfinity : disk.QueueDepth / latency * 1e6),
            ("the disk's channel", transfer > 0 ? 1e6 / transfer : double.PositiveInfinity),
            ("dom0's vCPUs", run.Host.Dom0.Vcpus / dom0 * 1e6),
            ("the guest's vCPU", 1e6 / guest),
            ("the job's depth", depth / trip * 1e6),
        };
        Add($"PV, a request: guest {guest:0.##} us (block layer, copies, hypercalls) + dom0 {dom0:0.##} (blkback, grants, hypercalls) + disk {latency + transfer:0.#} + events {trip - guest - dom0 - latency - transfer:0.##} = {trip:0.#} us");
        foreach (var (name, iops) in bounds)
        {
            if (!double.IsInfinity(iops))
            {
                Add($"  {name}: {iops:0} IOPS at most");
            }
        }

        var best = bounds.MinBy(b => b.Iops);
        Add($"the figures imply {best.Iops:0} IOPS on PV ({best.Name}), {best.Iops / emulated:0.0} times the emulated path's; measured {run.Factor:0.0} times");
        return new(lines, emulated, best.Iops);

        void Add(FormattableString line) => lines.Add(line.ToString(CultureInfo.InvariantCulture));
    }

    private static double Us(VirtualDuration duration) => duration.Nanoseconds / 1000.0;
}
