using System.Globalization;
using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Compare;

/// <summary>
/// What the cost model's figures say about a comparison before anything is simulated: how long a request takes, and what is busy with it. The least of
/// the bounds is the path's; counts of events and grant operations are the run's own. A bound is what its own server does with no pause: what a vCPU
/// that has run dry waits for its next event, and what stands before one server while another is idle, is the few percent that the run stays below.
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

        // Each domain is a link away from the disks' machine, as any two domains are from each other.
        var link = Us(costs.Link);

        // Emulated: one command at a time on a channel, everything one after the other.
        var requests = run.Emulated.Ios == 0 ? 1 : Math.Max(1, (double)run.Emulated.Requests / run.Emulated.Ios);
        var exits = run.Emulated.Requests == 0 ? ExitsPerDmaCommand : (double)run.Emulated.Activity.Ioreqs / run.Emulated.Requests;
        var interrupt = (2 * Us(costs.PvHypercall)) + link + Us(costs.Exit) + Us(costs.Upcall) + Us(costs.Eoi);
        var wait = latency + (transfer / requests) + (2 * link);
        var command = (exits * Us(costs.Ioreq)) + interrupt + Us(costs.DeviceModelBlock) + wait + Us(costs.GuestBlockHalf);
        var emulated = 1e6 / (command * requests);
        Add($"emulated, one command at a time: {exits:0.#} exits x {Us(costs.Ioreq):0.##} us + interrupt {interrupt:0.##} (line up and down, exit, injection, EOI {Us(costs.Eoi):0.##}) + QEMU {Us(costs.DeviceModelBlock):0.##} + disk {wait:0.#} + guest {Us(costs.GuestBlockHalf):0.##} = {command:0.#} us a command: {emulated:0} IOPS");

        // PV: whatever is scarce first.
        var pv = run.Pv.Activity;
        double Each(double count) => run.Pv.Per(count);
        double Call(string name) => Each(pv.Hypercalls.GetValueOrDefault(name));
        var grants = ((Call("dom0 grant_table_op map") + Call("dom0 grant_table_op unmap") + Call("dom0 grant_table_op copy")) * Us(costs.PvHypercall))
            + (Call("dom0 grant_table_op map") * (Us(costs.GrantMap) - Us(costs.GrantMapNext))) + (Each(pv.Maps) * Us(costs.GrantMapNext))
            + (Call("dom0 grant_table_op unmap") * Us(costs.TlbFlush)) + (Each(pv.Unmaps) * Us(costs.GrantUnmap))
            + (Each(pv.GrantOperations - pv.Maps - pv.Unmaps) * Us(costs.CopyBatch(1, 0) - costs.PvHypercall)) + Us(costs.CopyBatch(1, (long)Each(pv.GrantBytesCopied)) - costs.CopyBatch(1, 0));
        var thread = (run.Pv.Driver == "xen-blkfront" && !pv.CopiesGrants ? Us(costs.BackendBlock) : Us(costs.DeviceModelBlock)) + grants;
        var (dom0Events, guestEvents) = (Each(pv.Dom0Events), Each(pv.Events - pv.Dom0Events));
        var dom0 = thread + (Calls("dom0 event_channel_op") * Us(costs.PvHypercall)) + (dom0Events * (Us(costs.UpcallWork(false, 0)) + Us(costs.Dispatch)));
        var upcalls = (Each(pv.Exits.GetValueOrDefault(ExitKind.Interrupt)) * Us(costs.UpcallWork(true, 0)))
            + (Each(pv.Exits.GetValueOrDefault(ExitKind.InterruptController)) * Us(costs.InterruptController)) + (guestEvents * Us(costs.Dispatch));
        var guest = Us(costs.GuestBlock) + Us(costs.Copy((long)Each(pv.BytesCopied - pv.GrantBytesCopied))) + (Calls("guest") * Us(costs.Hypercall)) + upcalls;
        double Calls(string whose) => Each(pv.Hypercalls.Where(c => c.Key.StartsWith(whose, StringComparison.Ordinal)).Sum(c => c.Value));
        var depth = run.Job.IoDepth * run.Job.NumJobs;
        var events = Us(costs.EventRest(VirtualDuration.Zero, depth == 1, hvm: false)) + Us(costs.EventRest(VirtualDuration.Zero, depth == 1, hvm: true));
        var trip = guest + dom0 + latency + transfer + (2 * link) + events;
        var bounds = new (string Name, double Iops)[]
        {
            ("the disk's queue", write ? double.PositiveInfinity : disk.QueueDepth / latency * 1e6),
            ("the disk's channel", transfer > 0 ? 1e6 / transfer : double.PositiveInfinity),
            ("the backend's thread", 1e6 / thread),
            ("dom0's vCPUs", run.Host.Dom0.Vcpus / dom0 * 1e6),
            ("the guest's vCPU", 1e6 / guest),
            ("the job's depth", depth / trip * 1e6),
        };
        Add($"PV, a request: guest {guest:0.##} us (block layer, copies, hypercalls, {upcalls:0.##} for upcalls) + dom0 {dom0:0.##} (backend, {grants:0.##} for grants, hypercalls, upcalls) + disk {latency + transfer + (2 * link):0.#} + events' way {events:0.##} = {trip:0.#} us");
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
