using XenActors.DeviceModel.Ide;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;

namespace XenActors.DeviceModel;

/// <summary>
/// QEMU for one domain: answers its ioreqs from pure machines, and serves its own backends in the store through two children, one a
/// connection.
/// </summary>
public sealed partial class DeviceModelActor : Actor<DeviceModelState>
{
    private ActorRef Domain => State.Peers!.Places.Domain(State.Plan!.Domain);

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
            var model = State.Host!.DeviceModel;
            State.Pci = PciMachine.Build(plan, State.Host!);
            State.Nics = NicRegisters.Build(plan, State.Pci);
            State.Ide = IdeController.Build(plan, model.DriveRevision, trim: model.Kind != QemuBackendNodes.Traditional);
            State.Platform = new() { Present = State.Pci.Find(PciRole.Platform) is not null };
            PlaceWindows();
            Context.Tell(Domain, new ServeIoreqs());
        }

        State.Running = true;
        Context.Spawn<QemuBackendsActor, QemuBackendsState>("legacy", QemuBackendsState.Create(plan, State.Host!, State.Peers!.Xenstored));
    }

    public void On(in QemuBackendsUp m) => State.Xenbus =
        Context.Spawn<QemuXenbusActor, QemuXenbusState>("xenbus", QemuXenbusState.Create(State.Plan!, State.Host!, State.Peers!));

    public void On(in PortRead m) => Serve(new(Sender, IoreqKind.Read, m.Port, m.Size, 0, []));

    public void On(in PortWrite m) => Serve(new(Sender, IoreqKind.Write, m.Port, m.Size, m.Value, []));

    public void On(in PortReadString m) => Serve(new(Sender, IoreqKind.ReadString, m.Port, m.Size, m.Count, []));

    public void On(in PortWriteString m) => Serve(new(Sender, IoreqKind.WriteString, m.Port, m.Size, 0, m.Data));

    public void On(in PciConfigRead m) => Serve(new(Sender, IoreqKind.ConfigRead, (ushort)(m.Devfn << 8 | m.Register), 4, 0, []));

    public void On(in PciConfigWrite m) => Serve(new(Sender, IoreqKind.ConfigWrite, (ushort)(m.Devfn << 8 | m.Register), m.Size, m.Value, []));

    private void Serve(in Ioreq ioreq)
    {
        if (!State.Held.IsNone)
        {
            State.Waiting.Enqueue(ioreq);
            return;
        }

        Context.Work(Jitter(State.Host!.Costs.IoreqRest(State.Host.Latencies.Link)));
        switch (ioreq.Kind)
        {
            case IoreqKind.Read:
                Answer(in ioreq, Read(ioreq.Port, ioreq.Size));
                break;
            case IoreqKind.Write:
                Write(in ioreq);
                break;
            case IoreqKind.ReadString:
                var data = State.Ide.ReadString(ioreq.Port, ioreq.Size, ioreq.Value);
                Pump();
                Context.Tell(ioreq.Asker, new IoreqStringDone(data));
                break;
            case IoreqKind.WriteString:
                State.Ide.WriteString(ioreq.Port, ioreq.Size, ioreq.Data);
                AnswerIde(in ioreq);
                break;
            case IoreqKind.ConfigRead:
                Answer(in ioreq, State.Pci.Read((byte)(ioreq.Port >> 8), (byte)(ioreq.Port & 0xFF)));
                break;
            case IoreqKind.ConfigWrite:
                State.Pci.Write((byte)(ioreq.Port >> 8), (byte)(ioreq.Port & 0xFF), ioreq.Size, ioreq.Value);
                PlaceWindows();
                Answer(in ioreq, 0);
                break;
        }
    }

    private uint Read(ushort port, byte size)
    {
        if (State.Ide.Find(port) is null)
        {
            return State.Nics.Read(port, size) ?? State.Platform.Read(port, size);
        }

        var value = State.Ide.Read(port, size);
        Pump();
        return value;
    }

    private void Write(in Ioreq ioreq)
    {
        if (State.Ide.Find(ioreq.Port) is not null)
        {
            State.Ide.Write(ioreq.Port, ioreq.Size, ioreq.Value);
            AnswerIde(in ioreq);
            return;
        }

        State.Nics.Write(ioreq.Port, ioreq.Value);
        var mask = State.Platform.Write(ioreq.Port, ioreq.Size, ioreq.Value);
        if (mask != 0)
        {
            (State.Held, State.HeldUnplug) = (ioreq.Asker, mask);
            GoOn();
        }
        else
        {
            Answer(in ioreq, 0);
        }
    }

    // The access that drains a disk ends when the disk is drained.
    private void AnswerIde(in Ioreq ioreq)
    {
        Pump();
        if (State.Ide.Primary.Draining || State.Ide.Secondary.Draining)
        {
            State.Held = ioreq.Asker;
        }
        else
        {
            Answer(in ioreq, 0);
        }
    }

    private void Answer(in Ioreq ioreq, uint value) => Context.Tell(ioreq.Asker, new IoreqDone(value));

    // Where the base addresses put the devices whose registers are modelled.
    private void PlaceWindows()
    {
        State.Ide.BusMaster = State.Pci.IoBaseOf(PciRole.Ide, 4);
        State.Platform.Bar = State.Pci.IoBaseOf(PciRole.Platform, 0);
    }

    private VirtualDuration Jitter(VirtualDuration duration) => Context.Random.Jitter(duration, State.Host!.Latencies.JitterPercent);
}
