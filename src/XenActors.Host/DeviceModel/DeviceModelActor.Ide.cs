using XenActors.DeviceModel.Ide;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.Memory;
using XenActors.Machine.Disks;
using XenActors.Toolstack.Hotplug;

namespace XenActors.DeviceModel;

/// <summary>What the IDE channels ask of the world, and what waits for them: disks, the guest's memory, interrupt lines, the unplug.</summary>
public sealed partial class DeviceModelActor
{
    private const byte PrimaryIrq = 14;
    private const byte SecondaryIrq = 15;

    public void On(in DiskDone m)
    {
        if (State.UnplugFlushes.Remove(m.Cookie))
        {
            GoOn();
        }
        else
        {
            Complete(m.Cookie, m.Ok, m.Data);
        }
    }

    public void On(in GuestMemoryRead m) => Complete(m.Cookie, true, m.Data);

    private void Complete(long cookie, bool ok, byte[] data)
    {
        if (State.Works.Remove(cookie, out var pending))
        {
            State.Ide.Channel(pending.Channel).Complete(pending.Serial, ok, data);
            Pump();
            GoOn();
        }
    }

    private void Pump()
    {
        Pump(State.Ide.Primary, PrimaryIrq);
        Pump(State.Ide.Secondary, SecondaryIrq);
    }

    private void Pump(IdeChannel channel, byte irq)
    {
        // The data is in memory before the interrupt tells of it.
        foreach (var store in channel.Stores)
        {
            Context.Tell(Domain, new WriteGuestMemory(store.Extents, store.Data));
        }

        channel.Stores.Clear();
        foreach (var level in channel.Line)
        {
            // HVMOP_set_isa_irq_level, or its dm_op
            if (State.Host!.Costs.PvHypercall > Simulation.VirtualDuration.Zero)
            {
                Context.Work(State.Host.Costs.PvHypercall);
            }

            Context.Tell(Domain, new SetIsaIrqLevel(irq, level));
        }

        channel.Line.Clear();
        if (channel.Work is { } work && channel.WorkSerial != State.Started[channel.Number])
        {
            State.Started[channel.Number] = channel.WorkSerial;
            var cookie = State.NextCookie++;
            State.Works.Add(cookie, new(channel.Number, channel.WorkSerial));
            Begin(work, cookie);
        }
    }

    private void Begin(IdeWork work, long cookie)
    {
        var disks = State.Peers!.Disks;
        if (work.Kind != IdeWorkKind.ReadMemory && State.Host!.Costs.DeviceModelBlock > Simulation.VirtualDuration.Zero)
        {
            Context.Work(State.Host.Costs.DeviceModelBlock);
        }

        switch (work.Kind)
        {
            case IdeWorkKind.ReadMemory:
                Context.Tell(Domain, new ReadGuestMemory(work.Extents, cookie));
                break;
            case IdeWorkKind.ReadDisk:
                Context.Tell(disks, new DiskRead(work.Volume, work.Sector, work.Count, cookie));
                break;
            case IdeWorkKind.WriteDisk:
                Context.Tell(disks, new DiskWrite(work.Volume, work.Sector, work.Data, work.Fua, cookie));
                break;
            case IdeWorkKind.FlushDisk:
                Context.Tell(disks, new DiskFlush(work.Volume, cookie));
                break;
            default:
                Context.Tell(disks, new DiskDiscard(work.Volume, work.Sector, work.Count, Secure: false, cookie));
                break;
        }
    }

    // The held access ends when nothing is on its way any more; an unplug flushes what leaves first.
    private void GoOn()
    {
        if (State.Held.IsNone || State.Ide.Primary.Draining || State.Ide.Secondary.Draining)
        {
            return;
        }

        if (State.HeldUnplug != 0)
        {
            if (TakesDisks(State.HeldUnplug, out _) && (State.Ide.Primary.Work is not null || State.Ide.Secondary.Work is not null))
            {
                return;
            }

            FlushLeaving();
            if (State.UnplugFlushes.Count > 0)
            {
                return;
            }

            Unplug(State.HeldUnplug);
            Pump();
        }

        Context.Tell(State.Held, new IoreqDone(0));
        (State.Held, State.HeldUnplug) = (Simulation.ActorRef.None, 0);
        while (State.Held.IsNone && State.Waiting.TryDequeue(out var next))
        {
            Serve(in next);
        }
    }

    private static bool TakesDisks(ushort mask, out bool aux)
    {
        const ushort disks = UnplugMask.IdeDisks | UnplugMask.AuxIdeDisks | UnplugMask.Nvme;
        aux = (mask & UnplugMask.AuxIdeDisks) != 0 && (mask & UnplugMask.IdeDisks) == 0;
        return (mask & disks) != 0;
    }

    private void FlushLeaving()
    {
        if (!TakesDisks(State.HeldUnplug, out var aux))
        {
            return;
        }

        for (var i = 0; i < 4; i++)
        {
            var device = State.Ide.DeviceAt(i / 2, i % 2);
            if (device.Dirty && State.Ide.Leaves(i, aux))
            {
                device.Dirty = false;
                State.UnplugFlushes.Add(State.NextCookie);
                Context.Tell(State.Peers!.Disks, new DiskFlush(device.Drive!.Volume, State.NextCookie++));
            }
        }
    }

    /// <summary>QEMU's xen_platform: disks for bits 0, 2 and 3, NICs for bit 1. A second write finds nothing.</summary>
    private void Unplug(ushort mask)
    {
        if (TakesDisks(mask, out var aux) && State.Ide.Unplug(aux))
        {
            State.Pci.ResetIde();
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
}
