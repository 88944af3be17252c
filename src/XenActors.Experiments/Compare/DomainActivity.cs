using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block.Front;

namespace XenActors.Experiments.Compare;

/// <summary>What guests have made the hypervisor and dom0 do since their creation.</summary>
/// <param name="Exits">The guest's vCPU exits, by kind.</param>
/// <param name="Hypercalls">By whom and what for, as <c>dom0 grant_table_op map</c>.</param>
/// <param name="Events">That came for dom0 or a guest.</param>
/// <param name="Dom0Events">Those for dom0.</param>
/// <param name="GrantOperations">Maps, unmaps and copies.</param>
/// <param name="BytesCopied">By the hypervisor and by the guests' drivers.</param>
/// <param name="GrantBytesCopied">By the hypervisor alone.</param>
public sealed record DomainActivity(
    SortedDictionary<ExitKind, long> Exits, SortedDictionary<string, long> Hypercalls, long Events, long Dom0Events, long GrantOperations, long Maps,
    long Unmaps, long BytesCopied, long GrantBytesCopied, VirtualDuration Dom0Cpu, VirtualDuration GuestCpu)
{
    /// <summary>Exits that QEMU had to answer.</summary>
    public long Ioreqs => Exits.Where(e => e.Key is ExitKind.PortRead or ExitKind.PortWrite or ExitKind.PortReadString or ExitKind.PortWriteString or ExitKind.PciConfig).Sum(e => e.Value);

    public long AllExits => Exits.Values.Sum();

    /// <summary>The backend copies instead of mapping.</summary>
    public bool CopiesGrants => Copies > 0;

    public long Copies => GrantOperations - Maps - Unmaps;

    public long AllHypercalls => Hypercalls.Values.Sum();

    public static DomainActivity Of(XenMachine machine, IReadOnlyCollection<ushort> domains)
    {
        var dom0 = machine.EventChannels(0);
        var all = new DomainActivity(
            [],
            new(StringComparer.Ordinal)
            {
                ["dom0 event_channel_op other"] = dom0.OtherCalls,
                ["dom0 event_channel_op send"] = dom0.Sends,
            },
            dom0.Received, dom0.Received, 0, 0, 0, 0, 0, machine.Simulator.WorkDone(machine.Places.Processes[0]), VirtualDuration.Zero);
        foreach (var domain in domains)
        {
            all += OfGuest(machine, domain);
        }

        return all;
    }

    private static DomainActivity OfGuest(XenMachine machine, ushort domain)
    {
        var exits = new SortedDictionary<ExitKind, long>(machine.Domain(domain).Exits.ByKind);
        var (guest, grants) = (machine.EventChannels(domain), machine.Grants(domain).Counts);
        var other = exits.GetValueOrDefault(ExitKind.Hypercall);
        if (machine.Domain(domain).Spec?.Type != DomainType.Pv)
        {
            // An HVM guest's hypercalls are exits, too: those for events among them. An upcall is injected at the end of one.
            exits[ExitKind.Hypercall] = other + guest.Sends + guest.OtherCalls + grants.OwnCalls;
            exits[ExitKind.Interrupt] = exits.GetValueOrDefault(ExitKind.Interrupt) + guest.Upcalls;
            exits[ExitKind.InterruptController] = guest.Acknowledgements;
        }

        var hypercalls = new SortedDictionary<string, long>(StringComparer.Ordinal)
        {
            ["dom0 grant_table_op copy"] = grants.CopyCalls,
            ["dom0 grant_table_op map"] = grants.MapCalls,
            ["dom0 grant_table_op unmap"] = grants.UnmapCalls,
            ["guest event_channel_op other"] = guest.OtherCalls,
            ["guest event_channel_op send"] = guest.Sends,
            ["guest grant_table_op"] = grants.OwnCalls,
            ["guest other"] = other,
        };
        var copied = grants.BytesCopied;
        foreach (var disk in machine.Kernel(domain)?.Disks ?? [])
        {
            copied += machine.Simulator.StateOf<BlkfrontState>(disk.Driver)?.BytesCopied ?? 0;
        }

        return new(
            exits, hypercalls, guest.Received, 0, grants.Operations, grants.Maps, grants.Unmaps, copied, grants.BytesCopied, VirtualDuration.Zero,
            machine.Simulator.WorkDone(machine.Places.Processes[domain]));
    }

    public static DomainActivity operator +(DomainActivity one, DomainActivity other) => new(
        Plus(one.Exits, other.Exits), Plus(one.Hypercalls, other.Hypercalls), one.Events + other.Events, one.Dom0Events + other.Dom0Events,
        one.GrantOperations + other.GrantOperations, one.Maps + other.Maps, one.Unmaps + other.Unmaps, one.BytesCopied + other.BytesCopied,
        one.GrantBytesCopied + other.GrantBytesCopied, one.Dom0Cpu + other.Dom0Cpu, one.GuestCpu + other.GuestCpu);

    public static DomainActivity operator -(DomainActivity now, DomainActivity before) => new(
        Minus(now.Exits, before.Exits), Minus(now.Hypercalls, before.Hypercalls), now.Events - before.Events, now.Dom0Events - before.Dom0Events,
        now.GrantOperations - before.GrantOperations, now.Maps - before.Maps, now.Unmaps - before.Unmaps, now.BytesCopied - before.BytesCopied,
        now.GrantBytesCopied - before.GrantBytesCopied, now.Dom0Cpu - before.Dom0Cpu, now.GuestCpu - before.GuestCpu);

    private static SortedDictionary<TKey, long> Plus<TKey>(SortedDictionary<TKey, long> one, SortedDictionary<TKey, long> other)
        where TKey : notnull
    {
        var result = new SortedDictionary<TKey, long>(other, other.Comparer);
        foreach (var (key, count) in one)
        {
            result[key] = result.GetValueOrDefault(key) + count;
        }

        return result;
    }

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
