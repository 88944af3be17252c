using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

// A restore in place: the guest is down, its devices and its device model go and come anew, and it goes on (libxl_domain_restore, without the move).
public sealed partial class CreateActor
{
    public void On(in GuestSuspended m)
    {
        if (!m.Order.Flag)
        {
            Resume(m.Order);
            return;
        }

        if (IsBeingRestored)
        {
            // Two have saved it; the other's restore has the name already.
            Done(m.Order, $"Domain with name \"{State.Plan!.Spec.Name}\" already exists.");
            return;
        }

        if (IsBeingDestroyed)
        {
            Done(m.Order, $"{Domain} is an invalid domain identifier (rc=-6)");
            return;
        }

        Start(m.Order, "", RemovalForce.On, keepsDomain: true);
    }

    // xl save -c. What another xl has saved at the same time it destroys.
    private void Resume(XlCommand order)
    {
        if (IsBeingRestored || State.Leaving)
        {
            Done(in order, $"guest we were suspending has been destroyed\n{PvControlActor.SaveFailed}");
            return;
        }

        State.SuspendTold = false;
        Context.Tell(State.Peers!.Places.Domain(Domain), new ResumeDomain(Cancelled: true));
        Done(in order, "");
    }

    private bool IsBeingRestored => State.Resuming is not null || IsUnderWay(XlCommandKind.Suspend);

    // What is made anew under another xl's destroy that has listed the devices already would be nobody's.
    private bool IsBeingDestroyed => IsUnderWay(XlCommandKind.Destroy);

    private bool IsUnderWay(XlCommandKind kind)
    {
        foreach (var order in State.Orders.Values)
        {
            if (order.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }

    // Who has waited for the restore's end.
    private void Release()
    {
        var held = State.Held;
        var cds = State.HeldCds;
        (State.Held, State.HeldCds) = ([], []);
        foreach (var order in held)
        {
            On(in order);
        }

        foreach (var cd in cds)
        {
            On(in cd);
        }
    }

    // Nothing of its devices is left: the steps of a creation that make them follow once more.
    private void Rebuild(in XlCommand order, string error)
    {
        if (error.Length > 0)
        {
            Done(in order, error);
            Release();
            return;
        }

        if (State.Leaving || IsBeingDestroyed)
        {
            Done(in order, $"{Domain} is an invalid domain identifier (rc=-6)"); // Destroyed meanwhile.
            Release();
            return;
        }

        State.DeviceModel = ActorRef.None;
        State.Resuming = order;
        State.Errors.Clear();
        State.Done.Clear();
        State.Steps = CreateSteps.Devices(State.Plan!, State.Host!);
        State.SuspendTold = false;
        State.Phase = CreatePhase.Store;
        Begin();
    }

    private void Rebuilt(bool ok)
    {
        var order = State.Resuming!.Value;
        State.Resuming = null;
        State.Phase = State.Killed ? CreatePhase.Killed : CreatePhase.Living;
        if (ok)
        {
            // libxl's restore leaves it paused for xl to unpause; here it was paused for the removal.
            Context.Tell(State.Peers!.Places.Domain(Domain), new ResumeDomain(Cancelled: false));
            Context.Tell(State.Peers.Places.Domain(Domain), new UnpauseDomain());
        }

        Done(in order, ok ? "" : string.Join('\n', State.Errors));
        Release();
        if (State.Gone)
        {
            ExitDestroyed();
        }
    }
}
