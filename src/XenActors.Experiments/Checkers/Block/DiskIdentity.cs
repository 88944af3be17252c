using XenActors.DeviceModel;
using XenActors.Guest.Block;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block.Front;
using XenActors.Toolstack.Libxl;

namespace XenActors.Experiments.Checkers.Block;

/// <summary>Which disk a guest's driver stands for.</summary>
/// <param name="Device">As <c>dom1/vbd/51712</c> or <c>dom1/ide/0</c>.</param>
/// <param name="Volume">The host's volume below it; null when nobody can say.</param>
/// <param name="Emulated">IDE; else paravirtual.</param>
/// <param name="Driver">The driver itself.</param>
public sealed record DiskIdentity(string Device, VolumeId? Volume, bool Emulated, ActorRef Driver)
{
    /// <summary>Null for what is no disk of fixed contents: a CD drive.</summary>
    public static DiskIdentity? Of(XenMachine machine, ActorRef driver)
    {
        var simulator = machine.Simulator;
        if (simulator.StateOf<BlkfrontState>(driver) is { } front)
        {
            var number = front.Device.Node[(front.Device.Node.LastIndexOf('/') + 1)..];
            var plan = PlanOf(machine, front.Driver.Domain)?.Disks.Find(d => $"{d.Number}" == number);
            return new($"dom{front.Driver.Domain}/vbd/{number}", Known(plan?.Volume), Emulated: false, driver);
        }

        if (simulator.StateOf<AtaDiskState>(driver) is not { Packet: false } ata || machine.Places.DomainOf(driver.Process) is not { } domain)
        {
            return null;
        }

        var model = simulator.StateOf<DeviceModelState>(machine.Domain(domain).DeviceModel);
        var drive = model?.Ide.DeviceAt(ata.Channel, ata.Position).Drive;
        return new($"dom{domain}/ide/{(2 * ata.Channel) + ata.Position}", Known(drive?.Volume), Emulated: true, driver);
    }

    private static VolumeId? Known(VolumeId? volume) => volume is { IsNone: false } ? volume : null;

    private static GuestPlan? PlanOf(XenMachine machine, ushort domain)
    {
        var toolstack = machine.Simulator.StateOf<LibxlState>(machine.OperatorState.Toolstack);
        return toolstack is not null && toolstack.Guests.TryGetValue(domain, out var guest)
            ? machine.Simulator.StateOf<CreateState>(guest.Process)?.Plan
            : null;
    }
}
