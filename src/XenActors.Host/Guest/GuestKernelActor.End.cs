using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Guest;

/// <summary>How a kernel goes down: when it is asked to (<c>drivers/xen/manage.c</c>), or when it cannot go on.</summary>
public sealed partial class GuestKernelActor
{
    // init ends its services and unmounts; what it takes differs from guest to guest.
    private const long UserSpaceMicroseconds = 200_000;

    public void On(in ShutdownRequested m)
    {
        if (State.Ending is not null)
        {
            return;
        }

        switch (m.Command)
        {
            case "poweroff" or "halt":
                GoDown(ShutdownReason.Poweroff);
                break;
            case "reboot":
                GoDown(ShutdownReason.Reboot);
                break;
            case "suspend":
                Suspend();
                break;
            default:
                Say("shutdown-ignored", ("command", m.Command));
                break;
        }
    }

    public void On(in PanicKernel m)
    {
        if (State.Ending is null)
        {
            Say("panic", ("text", m.Text));
        }

        State.Ending = ShutdownReason.Crash;
        Schedule(ShutdownReason.Crash);
    }

    public void On(in UserSpaceEnded m) => Context.Tell(State.Block, new BlockSyncAll(0));

    // What user space wrote is on the disks, or cannot get there.
    public void On(in BlockSynced m)
    {
        if (!State.Facts.XenbusStarted)
        {
            Down();
        }
        else
        {
            Context.Tell(State.Xenbus, new ShutDownDevices());
        }
    }

    public void On(in DevicesShutDown m) => Down();

    public void On(in NetdevGone m)
    {
        var driver = Sender;
        State.Nics.RemoveAll(n => n.Driver == driver);
    }

    private void GoDown(ShutdownReason reason)
    {
        State.Ending = reason;
        var time = VirtualDuration.FromMicroseconds(State.Spec.Kernel.Number("us-user-space-end", UserSpaceMicroseconds));
        Context.StartTimer(new UserSpaceEnded(), Context.Random.Jitter(time, JitterPercent));
    }

    private void Down()
    {
        var reason = State.Ending ?? ShutdownReason.Poweroff;
        Say(reason == ShutdownReason.Reboot ? "restarting" : "power-down");
        Schedule(reason);
    }

    private void Schedule(ShutdownReason reason) => Context.Tell(
        State.Domain, new CallHypervisor(Hypercall.SchedOp, (uint)SchedOp.Shutdown, (ulong)reason, 0));

    private void Say(string message, params ReadOnlySpan<(string Name, string Value)> values)
    {
        if (State.Spec.Kernel.Format(message, values) is { } text)
        {
            State.Print(Context.Now, text);
        }
    }
}
