using XenActors.DeviceModel;
using XenActors.Hypervisor.Memory;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Domains;

/// <summary>What a domain's vCPUs and its device model have to do with each other: port and configuration accesses, memory, interrupts.</summary>
public sealed partial class DomainActor
{
    public void On(in PortRead m)
    {
        if (Exit(ExitKind.PortRead))
        {
            Context.Tell(State.DeviceModel, in m);
        }
        else
        {
            Context.Tell(Sender, new IoreqDone(m.Size switch { 1 => 0xFFu, 2 => 0xFFFFu, _ => uint.MaxValue }));
        }
    }

    public void On(in PortWrite m)
    {
        if (Exit(ExitKind.PortWrite))
        {
            Context.Tell(State.DeviceModel, in m);
        }
        else
        {
            Context.Tell(Sender, new IoreqDone(0));
        }
    }

    public void On(in PortReadString m)
    {
        if (Exit(ExitKind.PortReadString))
        {
            Context.Tell(State.DeviceModel, in m);
        }
        else
        {
            var floating = new byte[m.Size * (int)Math.Min(m.Count, PortReadString.CountMax)];
            floating.AsSpan().Fill(0xFF);
            Context.Tell(Sender, new IoreqStringDone(floating));
        }
    }

    public void On(in PortWriteString m)
    {
        if (Exit(ExitKind.PortWriteString))
        {
            Context.Tell(State.DeviceModel, in m);
        }
        else
        {
            Context.Tell(Sender, new IoreqDone(0));
        }
    }

    public void On(in PciConfigRead m)
    {
        if (Exit(ExitKind.PciConfig))
        {
            Context.Tell(State.DeviceModel, in m);
        }
        else
        {
            Context.Tell(Sender, new IoreqDone(uint.MaxValue));
        }
    }

    public void On(in PciConfigWrite m)
    {
        if (Exit(ExitKind.PciConfig))
        {
            Context.Tell(State.DeviceModel, in m);
        }
        else
        {
            Context.Tell(Sender, new IoreqDone(0));
        }
    }

    public void On(in IoreqDone m)
    {
        if (State.WaitingVcpus.TryDequeue(out var vcpu))
        {
            Context.Tell(vcpu, in m);
        }
    }

    public void On(in IoreqStringDone m)
    {
        if (State.WaitingVcpus.TryDequeue(out var vcpu))
        {
            Context.Tell(vcpu, in m);
        }
    }

    public void On(in ReadGuestMemory m) => Context.Tell(Sender, new GuestMemoryRead(State.Memory.Read(m.Extents), m.Cookie));

    public void On(in WriteGuestMemory m) => State.Memory.Write(m.Extents, m.Data);

    public void On(in SetIsaIrqLevel m)
    {
        Interrupt(m.Irq).Set(m.Level);
        Deliver(m.Irq);
    }

    public void On(in RequestIrq m)
    {
        Interrupt(m.Irq).Handler = Sender;
        Deliver(m.Irq);
    }

    public void On(in EndOfInterrupt m)
    {
        State.Exits.Count(ExitKind.EndOfInterrupt);
        Spend(State.Spec!.Costs.Eoi);
        Interrupt(m.Irq).End();
        Deliver(m.Irq);
    }

    private void Deliver(byte irq)
    {
        var interrupt = Interrupt(irq);
        if (interrupt.Take())
        {
            // The vCPU is told by an IPI: it leaves the guest, and comes back with the interrupt.
            State.Exits.Count(ExitKind.Interrupt);
            Spend(State.Spec!.Costs.Exit + State.Spec.Costs.Upcall);
            Context.Tell(interrupt.Handler, new InterruptRaised(irq));
        }
    }

    private IsaInterrupt Interrupt(byte irq)
    {
        if (!State.Interrupts.TryGetValue(irq, out var interrupt))
        {
            State.Interrupts.Add(irq, interrupt = new());
        }

        return interrupt;
    }

    // The vCPU is in Xen for so long.
    private void Spend(VirtualDuration cost)
    {
        if (cost > VirtualDuration.Zero)
        {
            Context.Work(cost);
        }
    }

    // True when the device model is to answer; else the bus floats.
    private bool Exit(ExitKind kind)
    {
        State.Exits.Count(kind);
        Spend(State.Spec!.Costs.Exit);
        if (State.DeviceModel.IsNone)
        {
            return false;
        }

        State.WaitingVcpus.Enqueue(Sender);
        return true;
    }
}
