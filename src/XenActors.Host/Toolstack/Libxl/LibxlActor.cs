using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>The toolstack's front: starts a process for each <c>xl create</c>, and knows which guests stand.</summary>
public sealed partial class LibxlActor : Actor<LibxlState>
{
    public void On(in CreateGuest m)
    {
        if (!State.Peers!.Places.Has(m.Domain))
        {
            Context.Tell(Sender, new GuestCreated(m.Domain, false, $"domain {m.Domain} has no place in this simulation"));
            return;
        }

        if (State.Guests.ContainsKey(m.Domain))
        {
            Context.Tell(Sender, new GuestCreated(m.Domain, false, $"domain {m.Domain} exists already"));
            return;
        }

        Start(m, m.Domain, FreeSlot(), Sender, Sender);
    }

    private void Start(CreateGuest request, ushort origin, int slot, ActorRef orderer, ActorRef told)
    {
        var process = Context.Spawn<CreateActor, CreateState>($"xl-{++State.Started}", new()
        {
            Request = request,
            Requester = told,
            Host = State.Host,
            Peers = State.Peers,
            Slot = slot,
            Xs = new() { Server = State.Peers!.Xenstored },
        });
        State.Latest[origin] = request.Domain;
        State.Guests.Add(request.Domain, new()
        {
            Domain = request.Domain,
            Slot = slot,
            Process = process,
            Origin = origin,
            Requester = orderer,
            Request = request,
        });
    }

    public void On(in CreationEnded m)
    {
        if (!m.Ok)
        {
            State.Guests.Remove(m.Domain);
            return;
        }

        var guest = State.Guests[m.Domain];
        (guest.Name, guest.Uuid, guest.Stands) = (m.Name, m.Uuid, true);
    }

    public void On(in ChangeCd m)
    {
        if (State.Guests.TryGetValue(m.Domain, out var guest) && guest.Stands)
        {
            Context.Tell(guest.Process, new CdOrder(Sender, m));
        }
        else
        {
            Context.Tell(Sender, new CdChanged(m.Domain, m.Vdev, false, $"{m.Domain} is an invalid domain identifier (rc=-6)"));
        }
    }

    // A process that is killed is nobody's failure: what it has left behind stays. The shell says "Killed", and has its prompt back.
    protected override Directive OnChildFailure(ActorRef child, Exception cause)
    {
        if (cause is not ActorKilledException)
        {
            return Directive.Escalate;
        }

        foreach (var guest in State.Guests.Values)
        {
            if (guest.Process == child && !guest.Stands)
            {
                Context.Tell(guest.Requester, new GuestCreated(guest.Domain, false, "Killed"));
            }
        }

        return Directive.Stop;
    }

    private int FreeSlot()
    {
        for (var slot = 0; ; slot++)
        {
            var taken = false;
            foreach (var guest in State.Guests.Values)
            {
                taken |= guest.Slot == slot;
            }

            if (!taken)
            {
                return slot;
            }
        }
    }
}
