using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Hypervisor.Domains;

/// <summary>Pause, shutdown, resume and the end (<c>xen/common/domain.c</c>).</summary>
public sealed partial class DomainActor
{
    // What lies behind these places is the guest's: its kernel and its drivers. The places before them are Xen's.
    private const int FirstGuestLocal = DomainPlaces.XenbusLocal;

    public void On(in PauseDomain m)
    {
        if (State.PauseCount++ == 0)
        {
            Context.Hold(FirstGuestLocal);
            Context.Tell(State.Places.EventChannels(State.Domain), new VcpusPaused(true));
        }
    }

    public void On(in UnpauseDomain m)
    {
        // A domain that is dying runs no more.
        if (State.Spec is null || State.Status is DomainStatus.Dying or DomainStatus.Dead || State.PauseCount == 0 || --State.PauseCount > 0)
        {
            return;
        }

        if (!State.Kernel.IsNone)
        {
            if (State.Status == DomainStatus.Alive)
            {
                Context.Release();
            }

            Context.Tell(State.Places.EventChannels(State.Domain), new VcpusPaused(false));

            return;
        }

        State.Kernel = StartKernel();
    }

    public void On(in GetDomainInfo m)
    {
        var pv = State.Spec?.Type != DomainType.Hvm || State.HvmParams.GetValueOrDefault((uint)HvmParam.CallbackIrq) != 0;
        Context.Tell(Sender, new DomainInfo(State.Domain, State.Status, State.Reason, State.PauseCount > 0, pv));
    }

    // The bus floats from now on; vCPUs that wait for an answer get what it floats at.
    public void On(in DeviceModelEnded m)
    {
        if (State.DeviceModel != Sender)
        {
            return;
        }

        State.DeviceModel = ActorRef.None;
        while (State.WaitingVcpus.TryDequeue(out var vcpu))
        {
            Context.Tell(vcpu, new DeviceModel.IoreqDone(uint.MaxValue));
        }

        Context.Tell(State.Places.EventChannels(State.Domain), new CloseIoreqPorts());
    }

    public void On(in ShutdownDomain m) => Shutdown(m.Reason);

    public void On(in CrashDomain m) => Shutdown(ShutdownReason.Crash);

    public void On(in ResumeDomain m)
    {
        if (State.Status != DomainStatus.Shutdown || State.Reason != ShutdownReason.Suspend)
        {
            return;
        }

        State.Status = DomainStatus.Alive;
        if (State.PauseCount == 0 || State.Kernel.IsNone)
        {
            Context.Release();
        }

        if (State.Kernel.IsNone)
        {
            return; // It has not run yet.
        }

        Context.Tell(State.Kernel, new HypercallResult(Hypercall.SchedOp, (uint)SchedOp.Shutdown, (ulong)ShutdownReason.Suspend, m.Cancelled ? 1 : 0, 0));
    }

    public void On(in DestroyDomain m)
    {
        if (State.Status is DomainStatus.None or DomainStatus.Dying or DomainStatus.Dead)
        {
            Context.Tell(Sender, new DomainDestroyed(State.Domain, false));
            return;
        }

        // domain_kill: no vCPU runs any more; then what the domain held of others, and what others reach of it.
        State.Status = DomainStatus.Dying;
        Context.Hold(FirstGuestLocal);
        Context.Release(drop: true);
        Context.Hold(FirstGuestLocal);
        if (!State.Kernel.IsNone)
        {
            Context.Stop(State.Kernel);
            State.Kernel = ActorRef.None;
        }

        Context.Tell(State.Places.Xenbus(State.Domain), new Kill());
        State.Memory.Release();
        State.WaitingVcpus.Clear();
        State.Interrupts.Clear();
        State.Pirqs.Clear();
        State.DeviceModel = ActorRef.None;
        Context.Tell(State.Places.EventChannels(State.Domain), new DestroyEvents());
        Context.Tell(State.Places.GrantTable(State.Domain), new DestroyGrants());
        Tell(gone: true);
        Context.Tell(Sender, new DomainDestroyed(State.Domain, true));
    }

    // The last page that somebody else had mapped has come back.
    public void On(in GrantsReleased m) => State.Status = DomainStatus.Dead;

    // SCHEDOP_shutdown: all vCPUs stop where they are.
    private void Shutdown(ShutdownReason reason)
    {
        if (State.Status != DomainStatus.Alive)
        {
            return;
        }

        (State.Status, State.Reason) = (DomainStatus.Shutdown, reason);
        Context.Hold(FirstGuestLocal);
        Tell(gone: false);
    }

    // VIRQ_DOM_EXC: xenstored looks for domains that have ended.
    private void Tell(bool gone)
    {
        if (!State.Xenstored.IsNone)
        {
            Context.Tell(State.Xenstored, new DomainStateChanged(State.Domain, gone));
        }
    }
}
