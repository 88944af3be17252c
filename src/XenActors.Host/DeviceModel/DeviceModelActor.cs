using XenActors.Hypervisor.Domains;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;
using XenActors.Toolstack.Libxl;

namespace XenActors.DeviceModel;

/// <summary>
/// QEMU for one domain: answers its ioreqs from pure machines, and serves its own backends in the store through two children, one a
/// connection.
/// </summary>
public sealed class DeviceModelActor : Actor<DeviceModelState>
{
    protected override void PreStart() =>
        Context.StartTimer(new QemuStarted(), Jitter(State.Host!.Latencies.DeviceModelStart));

    public void On(in QemuStarted m)
    {
        var plan = State.Plan!;
        foreach (var disk in plan.Disks)
        {
            if (disk is { Backend: DiskBackendKind.Qdisk, Present: false })
            {
                Context.Tell(Context.Parent, new DeviceModelFailed($"qemu-system-i386: Could not open '{disk.Path}': No such file or directory"));
                return;
            }
        }

        if (plan.IsHvm)
        {
            State.Pci = PciMachine.Build(plan, State.Host!);
            State.Nics = NicRegisters.Build(plan, State.Pci);
            State.Ide = IdeController.Build(plan, State.Host!.DeviceModel.DriveRevision);
            var platform = State.Pci.Find(PciRole.Platform);
            State.Platform = new() { Present = platform is not null, Bar = (ushort)(platform?.Bars[0].Base ?? 0) };
            Context.Tell(State.Peers!.Places.Domain(plan.Domain), new ServeIoreqs());
        }

        State.Running = true;
        Context.Spawn<QemuBackendsActor, QemuBackendsState>("legacy", QemuBackendsState.Create(plan, State.Host!, State.Peers!.Xenstored));
    }

    public void On(in QemuBackendsUp m) =>
        Context.Spawn<QemuXenbusActor, QemuXenbusState>("xenbus", QemuXenbusState.Create(State.Plan!, State.Host!, State.Peers!));

    public void On(in PortRead m)
    {
        Spend();
        Context.Tell(Sender, new IoreqDone(State.Nics.Read(m.Port, m.Size) ?? State.Platform.Read(m.Port, m.Size)));
    }

    public void On(in PortWrite m)
    {
        Spend();
        State.Nics.Write(m.Port, m.Value);
        var mask = State.Platform.Write(m.Port, m.Size, m.Value);
        if (mask != 0)
        {
            Unplug(mask);
        }

        Context.Tell(Sender, new IoreqDone(0));
    }

    public void On(in PciConfigRead m)
    {
        Spend();
        Context.Tell(Sender, new IoreqDone(State.Pci.Read(m.Devfn, m.Register)));
    }

    public void On(in AtaCommand m)
    {
        Spend();
        var drive = State.Ide.Find(m.Channel, m.Drive);
        if (drive is null)
        {
            Context.Tell(Sender, new AtaDone(m.Cookie, AtaStatus.NoDevice, []));
        }
        else if (m.Operation == AtaOperation.Identify)
        {
            Context.Tell(Sender, new AtaDone(m.Cookie, AtaStatus.Ok, IdeIdentify.Of(drive)));
        }
        else if (drive.Volume.IsNone || m.Sectors == 0 || m.Lba > drive.Sectors || drive.Sectors - m.Lba < m.Sectors)
        {
            Context.Tell(Sender, new AtaDone(m.Cookie, AtaStatus.Error, []));
        }
        else
        {
            var cookie = State.NextCookie++;
            State.Reads.Add(cookie, new(Sender, m.Cookie));
            Context.Tell(State.Peers!.Disks, new DiskRead(drive.Volume, m.Lba, m.Sectors, cookie));
        }
    }

    public void On(in DiskDone m)
    {
        if (State.Reads.Remove(m.Cookie, out var read))
        {
            Context.Tell(read.Guest, new AtaDone(read.Cookie, m.Ok ? AtaStatus.Ok : AtaStatus.Error, m.Data));
        }
    }

    /// <summary>QEMU's xen_platform: disks for bits 0, 2 and 3, NICs for bit 1. A second write finds nothing.</summary>
    private void Unplug(ushort mask)
    {
        const ushort disks = UnplugMask.IdeDisks | UnplugMask.AuxIdeDisks | UnplugMask.Nvme;
        if ((mask & disks) != 0)
        {
            var aux = (mask & UnplugMask.AuxIdeDisks) != 0 && (mask & UnplugMask.IdeDisks) == 0;
            if (State.Ide.Unplug(aux))
            {
                State.Pci.ResetIde();
            }
        }

        if ((mask & UnplugMask.Nics) == 0 || !State.Pci.RemoveNics())
        {
            return;
        }

        State.Nics.Remove();
        if (State.Peers!.Bridge.IsNone)
        {
            return;
        }

        foreach (var nic in State.Plan!.Nics)
        {
            if (nic.Emulated)
            {
                Context.Tell(State.Peers.Bridge, new BridgePortRemoved(nic.Bridge, nic.Tap(State.Plan.Domain)));
            }
        }
    }

    private void Spend() => Context.Work(Jitter(State.Host!.Costs.Ioreq));

    private VirtualDuration Jitter(VirtualDuration duration) => Context.Random.Jitter(duration, State.Host!.Latencies.JitterPercent);
}
