using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block.Front;

namespace XenActors.Experiments.Compare;

/// <summary>What one guest has made the hypervisor and dom0 do since its creation.</summary>
/// <param name="Exits">The guest's vCPU exits, by kind.</param>
/// <param name="Hypercalls">By whom and what for, as <c>dom0 grant_table_op map</c>.</param>
/// <param name="GrantOperations">Maps, unmaps and copies.</param>
/// <param name="BytesCopied">By the hypervisor and by the guest's driver.</param>
public sealed record DomainActivity(
    SortedDictionary<ExitKind, long> Exits, SortedDictionary<string, long> Hypercalls, long Events, long GrantOperations, long BytesCopied,
    VirtualDuration Dom0Cpu, VirtualDuration GuestCpu)
{
    /// <summary>Exits that QEMU had to answer.</summary>
    public long Ioreqs => Exits.Where(e => e.Key is ExitKind.PortRead or ExitKind.PortWrite or ExitKind.PortReadString or ExitKind.PortWriteString or ExitKind.PciConfig).Sum(e => e.Value);

    public long AllExits => Exits.Values.Sum();

    public long AllHypercalls => Hypercalls.Values.Sum();

    public static DomainActivity Of(XenMachine machine, ushort domain)
    {
        var exits = new SortedDictionary<ExitKind, long>(machine.Domain(domain).Exits.ByKind);
        var (dom0, guest, grants) = (machine.EventChannels(0), machine.EventChannels(domain), machine.Grants(domain).Counts);

        // An HVM guest's hypercalls are exits, too: those for events among them.
        exits[ExitKind.Hypercall] = exits.GetValueOrDefault(ExitKind.Hypercall) + guest.Sends;
        var hypercalls = new SortedDictionary<string, long>(StringComparer.Ordinal)
        {
            ["dom0 event_channel_op send"] = dom0.Sends,
            ["dom0 grant_table_op copy"] = grants.CopyCalls,
            ["dom0 grant_table_op map"] = grants.MapCalls,
            ["dom0 grant_table_op unmap"] = grants.UnmapCalls,
            ["guest event_channel_op send"] = guest.Sends,
        };
        var copied = grants.BytesCopied;
        foreach (var disk in machine.Kernel(domain)?.Disks ?? [])
        {
            copied += machine.Simulator.StateOf<BlkfrontState>(disk.Driver)?.BytesCopied ?? 0;
        }

        return new(
            exits, hypercalls, dom0.Received + guest.Received, grants.Operations, copied,
            machine.Simulator.WorkDone(machine.Places.Processes[0]), machine.Simulator.WorkDone(machine.Places.Processes[domain]));
    }

    public static DomainActivity operator -(DomainActivity now, DomainActivity before) => new(
        Minus(now.Exits, before.Exits), Minus(now.Hypercalls, before.Hypercalls), now.Events - before.Events,
        now.GrantOperations - before.GrantOperations, now.BytesCopied - before.BytesCopied, now.Dom0Cpu - before.Dom0Cpu, now.GuestCpu - before.GuestCpu);

    private static SortedDictionary<TKey, long> Minus<TKey>(SortedDictionary<TKey, long> now, SortedDictionary<TKey, long> before)
        where TKey : notnull
    {
        var result = new SortedDictionary<TKey, long>(now.Comparer);
        foreach (var (key, count) in now)
        {
            if (count != before.GetValueOrDefault(key))
            {
                result.Add(key, count - before.GetValueOrDefault(key));
            }
        }

        return result;
    }
}
