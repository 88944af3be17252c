using System.Globalization;
using XenActors.Abi;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;
using XenActors.Toolstack.Xl;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

// xl's daemon: waits for the domain's end and does what the configuration says (xl_vmcontrol.c, handle_domain_death).
public sealed partial class CreateActor
{
    private const string ReleaseWatch = "@releaseDomain";

    private ushort Domain => State.Plan!.Domain;

    public void On(in DomainInfo m)
    {
        State.Asking = false;
        if (State.Phase != CreatePhase.Living)
        {
            return;
        }

        if (m.Status is DomainStatus.None or DomainStatus.Dying or DomainStatus.Dead)
        {
            Log($"Domain {Domain} has been destroyed.");
            if (State.Orders.Count == 0)
            {
                Exit();
            }
        }
        else if (m.Status == DomainStatus.Shutdown)
        {
            Died(m.Reason);
        }
        else if (State.AskAgain)
        {
            AskDomain();
        }
    }

    private void Live()
    {
        State.Phase = CreatePhase.Living;
        Log($"Waiting for domain {State.Plan!.Spec.Name} (domid {Domain}) to die [pid {191 + Domain}]");
        State.Xs.Forget();
        State.Batch = new StoreBatch().Watch(ReleaseWatch, $"3/{State.Plan.Disks.Count + State.Plan.Nics.Count + 2}");
        State.Batch.Advance(Context, State.Xs);
    }

    private void AskDomain()
    {
        State.AskAgain = State.Asking;
        if (!State.Asking)
        {
            State.Asking = true;
            Context.Tell(State.Peers!.Places.Domain(Domain), new GetDomainInfo());
        }
    }

    private void Died(ShutdownReason reason)
    {
        if (reason == ShutdownReason.Suspend)
        {
            if (!State.SuspendTold)
            {
                State.SuspendTold = true;
                Log($"Domain {Domain} has shut down, reason code {(uint)reason} 0x{(uint)reason:x}");
                Log("Domain has suspended.");
            }

            return;
        }

        var config = DomainConfigParser.Parse(State.Request!.ConfigText, State.Request.FileName).Config!;
        State.Phase = CreatePhase.Acting;
        State.Action = reason switch
        {
            ShutdownReason.Poweroff => config.OnPoweroff,
            ShutdownReason.Reboot => config.OnReboot,
            ShutdownReason.Watchdog => config.OnWatchdog,
            ShutdownReason.SoftReset => config.OnSoftReset,
            _ => config.OnCrash,
        };
        Log($"Domain {Domain} has shut down, reason code {(uint)reason} 0x{(uint)reason:x}");
        Log($"Action for shutdown reason code {(uint)reason} is {ActionName(State.Action)}");
        switch (State.Action)
        {
            case ShutdownAction.Preserve:
                Log("Done. Exiting now");
                State.Phase = CreatePhase.Ended;
                break;
            case ShutdownAction.RenameRestart:
                Rename();
                break;
            default:
                Log($"Domain {Domain} needs to be cleaned up: destroying the domain");
                Remove(new XlCommand(ActorRef.None, XlCommandKind.Destroy, Domain, "", true));
                break;
        }
    }

    // libxl_domain_preserve: the old one keeps its devices, under another name and UUID.
    private void Rename()
    {
        var seconds = Context.Now.Nanoseconds / 1_000_000_000;
        var stamp = string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:00}T{seconds / 3600 % 24:00}{seconds / 60 % 60:00}Z");
        var (name, uuid) = ($"{State.Plan!.Spec.Name}-{stamp}", Uuid());
        var (dom, vm) = ($"/local/domain/{Domain}", $"/vm/{uuid}");
        var readable = $"n0 r{Domain}";
        State.Xs.Forget();
        State.Batch = new StoreBatch().Begin().Write(vm, "", readable).Write($"{vm}/uuid", uuid).Write($"{vm}/name", name)
            .Write($"{dom}/vm", vm).Write($"{dom}/name", name).End();
        if (State.Batch.Advance(Context, State.Xs))
        {
            Renamed();
        }
    }

    private void Renamed()
    {
        if (State.Action == ShutdownAction.RenameRestart)
        {
            // The process stays: it is the parent of the preserved domain's device model.
            Log("Done. Rebooting now");
            Context.Tell(Context.Parent, new RestartGuest(Domain));
            State.Phase = CreatePhase.Ended;
        }
    }

    // The daemon's own removal has ended.
    private void Cleaned()
    {
        if (State.Action is ShutdownAction.Restart or ShutdownAction.CoredumpRestart or ShutdownAction.SoftReset)
        {
            Log("Done. Rebooting now");
            Context.Tell(Context.Parent, new RestartGuest(Domain));
            Leave();
        }
        else
        {
            Log("Done. Exiting now");
            Exit();
        }
    }

    private void Exit()
    {
        if (State.Leaving)
        {
            return;
        }

        Context.Tell(Context.Parent, new GuestEnded(Domain));
        Leave();
    }

    // Commands that are still at work answer first: they are processes of their own.
    private void Leave()
    {
        State.Phase = CreatePhase.Ended;
        if (!State.Leaving)
        {
            State.Leaving = true;
            Context.Tell(State.Xs.Server, new XsDisconnect());
        }

        if (State.Shells == 0)
        {
            Context.Stop();
        }
    }

    public void On(in Terminated m)
    {
        State.Shells--;
        if (State.Leaving)
        {
            Leave();
        }
    }

    // kill -9: its connection closes, what it did itself ends where it is, and its children (QEMU, scripts) go on.
    public void On(in XlKilled m)
    {
        if (State.Killed || State.Leaving)
        {
            return;
        }

        State.Killed = true;
        StopTimer();
        foreach (var (removal, order) in State.Orders)
        {
            if (order.Requester.IsNone)
            {
                Context.Stop(new(Self.Process, removal));
            }
        }

        if (State.Resuming is { } resuming)
        {
            State.Resuming = null;
            Done(in resuming, ShellKilled);
        }
        else if (State.Phase is not (CreatePhase.Living or CreatePhase.Acting or CreatePhase.Ended))
        {
            Context.Tell(State.Requester, new GuestCreated(State.Request!.Domain, false, ShellKilled));
        }

        State.Phase = CreatePhase.Killed;
        Context.Tell(State.Xs.Server, new XsDisconnect());
        Release();
    }

    // What a shell says of it.
    private const string ShellKilled = "Killed";

    private void Log(string line) => State.Log.Add(line);

    private static string ActionName(ShutdownAction action) => action switch
    {
        ShutdownAction.Restart => "restart",
        ShutdownAction.RenameRestart => "rename-restart",
        ShutdownAction.Preserve => "preserve",
        ShutdownAction.CoredumpDestroy => "coredump-destroy",
        ShutdownAction.CoredumpRestart => "coredump-restart",
        ShutdownAction.SoftReset => "soft-reset",
        _ => "destroy",
    };

    private string Uuid()
    {
        var (high, low) = (Context.Random.NextBits(), Context.Random.NextBits());
        var hex = string.Create(CultureInfo.InvariantCulture, $"{high:x16}{low:x16}");
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }
}
