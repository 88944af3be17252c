using XenActors.Simulation;

namespace XenActors.Xenstore;

// The daemon's end and its return.
public sealed partial class XenstoredActor
{
    // xenstore-control live-update -t: how often it looks for open transactions.
    private static readonly VirtualDuration LiveUpdateInterval = VirtualDuration.FromMilliseconds(100);
    private const int LiveUpdateTries = 600;

    // Writing the state, exec, reading it.
    private static readonly VirtualDuration LiveUpdateTime = VirtualDuration.FromMilliseconds(20);

    public void On(in RestartXenstored m)
    {
        if (m.KeepState)
        {
            TryLiveUpdate(Sender, LiveUpdateTries);
            return;
        }

        Context.Note(new StoreEmptied());
        var state = State;
        state.Core = new();
        state.Clients.Clear();
        state.Actors.Clear();
        state.Rings.Clear();
        state.Introduced.Clear();
        foreach (var port in state.Ports.Values)
        {
            Context.Tell(state.Places.EventChannels(0), new Hypervisor.EventChannels.CloseEvent(port));
        }

        state.Ports.Clear();
        Context.Tell(Sender, new XenstoredRestarted(true));
    }

    public void On(in LiveUpdateDue m) => TryLiveUpdate(m.Requester, m.Tries);

    private void TryLiveUpdate(ActorRef requester, int tries)
    {
        if (State.Core.TransactionCount == 0)
        {
            Context.Work(LiveUpdateTime);
            Context.Note(new StoreUpdated());
            State.Core.FireAll(this);
            Context.Tell(requester, new XenstoredRestarted(true));
        }
        else if (tries == 0)
        {
            Context.Tell(requester, new XenstoredRestarted(false));
        }
        else
        {
            Context.StartTimer(new LiveUpdateDue(requester, tries - 1), LiveUpdateInterval);
        }
    }
}
