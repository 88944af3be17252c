using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Domains;

/// <summary>
/// A domain: built by the toolstack, run by its kernel, its I/O passed on to the device model. The hypervisor's side of one domain,
/// except event channels and grants.
/// </summary>
public sealed partial class DomainActor : Actor<DomainState>
{
    public void On(in CreateDomain m)
    {
        State.Spec = m.Spec;
        State.Status = DomainStatus.Alive;
        State.PauseCount = 1;
        State.Memory.Size = (ulong)m.Spec.Memory << 20;
        State.Toolstack = Sender;

        // The toolstack gives dom0 a port for each ring, and grant entries for their pages, before the domain has run.
        var hvm = m.Spec.Type != DomainType.Pv;
        var pages = (ulong)m.Spec.Memory << 8;
        var store = hvm ? Domain.HvmStoreGfn : pages - 3;
        var console = hvm ? Domain.HvmConsoleGfn : pages - 2;
        State.HvmParams[(uint)HvmParam.StorePfn] = store;
        State.HvmParams[(uint)HvmParam.ConsolePfn] = console;
        Context.Tell(State.Places.GrantTable(State.Domain), new SetupGrants(hvm, m.Spec.GrantFramesMax, m.Spec.MaptrackFramesMax, m.Spec.GrantVersionMax));
        Context.Tell(State.Places.GrantTable(State.Domain), new SetupReservedGrants(console, store));
        Context.Tell(State.Places.EventChannels(State.Domain), new SetupEvents(hvm, m.Spec.Vcpus, m.Spec.EventChannelsMax, m.Spec.Kernel.Has("x86-32") ? 32 : 64));
        Context.Tell(State.Places.EventChannels(State.Domain), new AllocUnbound(0, 0));
        Context.Tell(State.Places.EventChannels(State.Domain), new AllocUnbound(0, 1));
    }

    public void On(in EvtchnAllocated m)
    {
        State.HvmParams[(uint)(m.Cookie == 0 ? HvmParam.StoreEvtchn : HvmParam.ConsoleEvtchn)] = m.Port;
        if (m.Cookie == 1)
        {
            Context.Tell(State.Toolstack, new DomainBuilt(
                State.Domain,
                State.HvmParams[(uint)HvmParam.StorePfn],
                (uint)State.HvmParams[(uint)HvmParam.StoreEvtchn],
                State.HvmParams[(uint)HvmParam.ConsolePfn],
                (uint)State.HvmParams[(uint)HvmParam.ConsoleEvtchn]));
        }
    }

    // Nobody here reads the store's or the console's ring by events yet; the port's owner is told all the same.
    public void On(in EventFired m)
    {
    }

    private ActorRef StartKernel() => Context.Spawn<GuestKernelActor, GuestKernelState>(
        "kernel", GuestKernelState.Create(State.Spec!, Self, State.Places.Xenbus(State.Domain)));

    public void On(in ServeIoreqs m)
    {
        State.DeviceModel = Sender;
        if (State.Spec is { HasIoreqServers: true } spec)
        {
            Context.Tell(State.Places.EventChannels(State.Domain), new OpenIoreqPorts(Sender, spec.Vcpus + 1));
        }
    }

    public void On(in Cpuid m)
    {
        State.Exits.Count(ExitKind.Cpuid);
        Spend(State.Spec!.Costs.Exit);
        Context.Tell(Sender, Domain.Cpuid(State.Spec!, m.Leaf));
    }

    public void On(in CallHypervisor m)
    {
        State.Exits.Count(ExitKind.Hypercall);
        Spend(State.Spec!.Costs.Hypercall);
        if (m.Number == Hypercall.EventChannelOp && (m.Operation != (uint)EvtchnOp.InitControl || State.Spec!.HasFifoEvents))
        {
            // The kernel hears from where its ports are.
            Context.Tell(State.Places.EventChannels(State.Domain), new KernelEventOp(Sender, (EvtchnOp)m.Operation, m.Arg0, m.Arg1));
            return;
        }

        if (m is { Number: Hypercall.SchedOp, Operation: (uint)SchedOp.Shutdown })
        {
            // It does not return, but from a suspend; a reason that Xen does not know is a crash.
            Shutdown(m.Arg0 <= (ulong)ShutdownReason.SoftReset ? (ShutdownReason)m.Arg0 : ShutdownReason.Crash);
            return;
        }

        var result = Domain.Call(State, in m);
        if (m is { Number: Hypercall.HvmOp, Operation: Domain.HvmOpSetParam, Arg0: (ulong)HvmParam.CallbackIrq } && result.Result == 0)
        {
            Context.Tell(State.Places.EventChannels(State.Domain), new SetCallbackVia(m.Arg1, State.Spec!.GsiCount));
        }

        Context.Tell(Sender, result);
    }

    public void On(in GuestBooted m) => State.Outcome = m;
}
