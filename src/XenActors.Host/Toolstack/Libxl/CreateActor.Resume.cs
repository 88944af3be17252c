using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

// A restore in place: the guest is down, its devices and its device model go and come anew, and it goes on (libxl_domain_restore, without the move).
public sealed partial class CreateActor
{
    public void On(in GuestSuspended m) => Start(m.Order, "", RemovalForce.On, keepsDomain: true);

    // Nothing of its devices is left: the steps of a creation that make them follow once more.
    private void Rebuild(in XlCommand order, string error)
    {
        if (error.Length > 0)
        {
            Done(in order, error);
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
        State.Phase = CreatePhase.Living;
        if (ok)
        {
            // libxl's restore leaves it paused for xl to unpause; here it was paused for the removal.
            Context.Tell(State.Peers!.Places.Domain(Domain), new ResumeDomain(Cancelled: false));
            Context.Tell(State.Peers.Places.Domain(Domain), new UnpauseDomain());
        }

        Done(in order, ok ? "" : string.Join('\n', State.Errors));
    }
}
