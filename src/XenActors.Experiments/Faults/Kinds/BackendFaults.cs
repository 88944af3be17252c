using System.Globalization;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenbus;

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
            LosesOrder = true,
            Parameters = [Shared.Device],
            Begin = static work => KillBack(work),
        },
        new()
        {
            Name = "backend-restart",
            Subject = FaultSubject.Backends,
            Summary = "a device's backend is gone without a word, and after a while its module is loaded again: all devices of the type are probed anew",
            StandsFor = "a driver domain that restarts, rmmod and modprobe of xen-blkback (faults of backends that Linux' frontends ignore)",
            Place = "the backend's actor, then the operator's shell (ReloadBackend)",
            Heals = "nothing more: it restarts by itself, and takes the ring up where its responses end: what was answered out of turn is done twice; a backend in QEMU does not",
            Effect = FaultEffect.Corrupting,
            Parameters = [Shared.Device, Shared.Time("after", "1s", "how long nobody serves the ring")],
            Begin = static work =>
            {
                var device = KillBack(work);
                work.Later(work.Settings.Duration("after"), work.Site.Machine.Operator, new ReloadBackend(device.Type), $"the backend of {device.Type} is loaded again");
            },
        },
        new()
        {
            Name = "backend-close",
            Subject = FaultSubject.Backends,
            Summary = "the toolstack takes the device away in good order: online 0, state 5, and its directories when the backend has closed",
            StandsFor = "xl block-detach, xl network-detach while the guest uses the device (xenopsd #613)",
            Place = "the operator's shell (DetachDisk, DetachNic)",
            Heals = "nothing: the device is closed, or its frontend does not let go",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Device],
            Begin = static work =>
            {
                var device = work.Device();
                work.Degrade(device.Scope);
                if (device.Type == "vif")
                {
                    work.Tell(work.Site.Machine.Operator, new DetachNic(device.Domain, (int)device.Number), $"xl network-detach {device.Domain} {device.Number}");
                }
                else
                {
                    var number = device.Number.ToString(CultureInfo.InvariantCulture);
                    work.Tell(work.Site.Machine.Operator, new DetachDisk(device.Domain, number, false), $"xl block-detach {device.Domain} {number}");
                }
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
}
