using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Guest;

/// <summary>Suspend and resume (<c>drivers/xen/manage.c</c>, do_suspend; <c>arch/x86/xen/suspend_hvm.c</c>).</summary>
public sealed partial class GuestKernelActor
{
    // Processes are frozen and devices told, before the vCPU stops.
    private const long FreezeMicroseconds = 2_000;

    // dpm_suspend_start: libata's ports let what is out come to its end. A new device model knows nothing of it.
    public void On(in ProcessesFrozen m)
    {
        State.Freezing = State.AtaPorts.Count;
        if (State.Facts.XenbusStarted)
        {
            // The watch thread that does this has ended what drivers had begun with the store.
            State.Freezing++;
            Context.Tell(State.Xenbus, new QuietXenbus());
        }

        foreach (var port in State.AtaPorts.Values)
        {
            Context.Tell(port, new AtaFreeze());
        }

        if (State.Freezing == 0)
        {
            Schedule(ShutdownReason.Suspend);
        }
    }

    public void On(in AtaFrozen m) => Frozen();

    public void On(in XenbusIsQuiet m) => Frozen();

    private void Frozen()
    {
        if (--State.Freezing == 0)
        {
            Schedule(ShutdownReason.Suspend);
        }
    }

    private void Suspend()
    {
        if (State.Outcome is null)
        {
            return; // Before user space stands there is nothing that would freeze.
        }

        if (State.Suspending)
        {
            return; // shutting_down: it is on its way.
        }

        State.Suspending = true;
        Context.StartTimer(new ProcessesFrozen(), Context.Random.Jitter(VirtualDuration.FromMicroseconds(FreezeMicroseconds), JitterPercent));
    }

    // The hypercall has returned: 1 says that nothing has happened.
    private void Resumed(bool cancelled)
    {
        if (!State.Suspending)
        {
            return;
        }

        State.Suspending = false;
        if (cancelled)
        {
            State.Resumes++;
            ThawPorts();
            return;
        }

        if (State.Facts.UnplugWritten is null || State.Spec.Kernel.Has("resume-without-unplug")
            || State.Spec.Kernel.Defects.HasFlag(Defects.GuestNoUnplugAfterRestore))
        {
            ResumeDevices();
            return;
        }

        // xen_hvm_post_suspend: a new device model brings the emulated devices back.
        State.Plan.Add("resume-unplug");
        Busy();
    }

    private void ThawPorts()
    {
        foreach (var port in State.AtaPorts.Values)
        {
            Context.Tell(port, new AtaThaw());
        }
    }

    private void ResumeDevices()
    {
        State.Resumes++;
        ThawPorts();
        if (State.Facts.XenbusStarted)
        {
            Context.Tell(State.Xenbus, new ResumeDevices());
        }
    }
}
