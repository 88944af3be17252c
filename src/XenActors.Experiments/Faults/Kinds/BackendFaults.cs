using System.Text;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>Backends and device models.</summary>
internal static class BackendFaults
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "backend-kill",
            Subject = FaultSubject.Backends,
            Summary = "a device's backend is gone without a word: no state is written, grants stay mapped, the ring is served by nobody",
            StandsFor = "a driver domain that dies, kill -9 of a user-space backend, module unload (Qubes #10845, #4658)",
            Place = "the backend's actor (dom0/xenbus/vbd-N-M, QEMU's qdisk)",
            Heals = "nothing by itself: see backend-restart",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Device],
            Begin = static work => KillBack(work),
        },
        new()
        {
            Name = "backend-restart",
            Subject = FaultSubject.Backends,
            Summary = "a device's backend is gone without a word, and is bound again after a while: its state node begins at Initialising",
            StandsFor = "a driver domain that restarts, rmmod and modprobe of xen-blkback (faults of backends that Linux' frontends ignore)",
            Place = "the backend's actor, then a write of its state node in dom0",
            Heals = "nothing more: it restarts by itself",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Device, Shared.Time("after", "1s", "how long nobody serves the ring")],
            Begin = static work =>
            {
                var device = KillBack(work);
                Write(work, work.Settings.Duration("after"), ($"{device.BackNode}/state", "1"));
            },
        },
        new()
        {
            Name = "backend-close",
            Subject = FaultSubject.Backends,
            Summary = "the backend is told to close in good order: online 0, state 5",
            StandsFor = "xl block-detach, xl network-detach; a toolstack that detaches while the guest uses the device (xenopsd #613)",
            Place = "two writes by dom0 in the backend's directory",
            Heals = "nothing: the device is closed",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Device],
            Begin = static work =>
            {
                var device = work.Device();
                work.Degrade(device.Scope);
                Write(work, VirtualDuration.Zero, ($"{device.BackNode}/online", "0"), ($"{device.BackNode}/state", "5"));
            },
        },
        new()
        {
            Name = "device-model-kill",
            Subject = FaultSubject.Backends,
            Summary = "the guest's QEMU is gone: emulated devices and its backends answer no more",
            StandsFor = "kill -9 or a crash of qemu-system-i386",
            Place = "dom0/toolstack/xl-*/qemu-N and all below",
            Heals = "nothing: a QEMU that is gone cannot come back to a running guest",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Domain],
            Begin = static work =>
            {
                var domain = work.Guest();
                work.Degrade($"dom{domain}");
                Kill(work, $"dom0/toolstack/xl-*/qemu-{domain}");
            },
        },
    ];

    private static DevicePlace KillBack(FaultWork work)
    {
        var device = work.Device();
        work.Degrade(device.Scope);
        foreach (var path in device.Back)
        {
            Kill(work, path);
        }

        return device;
    }

    internal static void Kill(FaultWork work, string pattern)
    {
        foreach (var actor in work.Find(pattern))
        {
            work.Tell(actor, new Kill(), $"{work.Simulator.PathOf(actor)} is killed");
        }
    }

    private static void Write(FaultWork work, VirtualDuration after, params ReadOnlySpan<(string Path, string Value)> writes)
    {
        var machine = work.Site.Machine;
        var orders = new List<StoreWriteOrder>();
        foreach (var (path, value) in writes)
        {
            orders.Add(new(XsWireType.Write, Encoding.Latin1.GetBytes($"{path}\0{value}"), $"xenstore-write {path} {value}"));
        }

        work.Agent<StoreAgent>(machine.Places.Processes[0], new AgentState { To = machine.Xenstored, Every = after, Writes = orders });
    }
}
