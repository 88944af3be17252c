using System.Globalization;
using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

// What is typed about guests that stand, and what becomes of those that end.
public sealed partial class LibxlActor
{
    public void On(in DestroyGuest m) => Command(XlCommandKind.Destroy, m.Domain, "", true);

    public void On(in ShutdownGuest m) => Command(m.Reboot ? XlCommandKind.Reboot : XlCommandKind.Shutdown, m.Domain, "", false);

    public void On(in PauseGuest m) => Command(XlCommandKind.Pause, m.Domain, "", false);

    public void On(in UnpauseGuest m) => Command(XlCommandKind.Unpause, m.Domain, "", false);

    public void On(in AttachDisk m) => Command(XlCommandKind.BlockAttach, m.Domain, m.Spec, false);

    public void On(in DetachDisk m) => Command(XlCommandKind.BlockDetach, m.Domain, m.Vdev, m.Force);

    public void On(in AttachNic m) => Command(XlCommandKind.NetworkAttach, m.Domain, m.Spec, false);

    public void On(in DetachNic m) => Command(XlCommandKind.NetworkDetach, m.Domain, m.Devid.ToString(CultureInfo.InvariantCulture), false);

    public void On(in SuspendGuest m) => Command(XlCommandKind.Suspend, m.Domain, "", m.Mode == ResumeMode.Reconnect);

    public void On(in GuestEnded m) => State.Guests.Remove(m.Domain);

    // A domain's number is not used again: the guest gets the next one that was kept for it.
    public void On(in RestartGuest m)
    {
        if (!State.Guests.Remove(m.Domain, out var guest))
        {
            return;
        }

        if (!State.Spares.TryGetValue(guest.Origin, out var spares) || spares.Count == 0)
        {
            Context.Tell(guest.Requester, new GuestRestarted(
                m.Domain, 0, false, $"no process is kept for another life of {guest.Name}: its order's Restarts says how many there are"));
            return;
        }

        var next = spares[0];
        spares.RemoveAt(0);
        Start(guest.Request with { Domain = next }, guest.Origin, guest.Slot, guest.Requester, Self);
    }

    // A restarted guest; whoever ordered the first one is told.
    public void On(in GuestCreated m)
    {
        foreach (var (origin, domain) in State.Latest)
        {
            if (domain == m.Domain && State.Guests.TryGetValue(domain, out var guest))
            {
                Context.Tell(guest.Requester, new GuestRestarted(origin, domain, m.Ok, m.Message));
                return;
            }
        }
    }

    private void Command(XlCommandKind kind, ushort domain, string text, bool flag)
    {
        if (State.Guests.TryGetValue(domain, out var guest))
        {
            Context.Tell(guest.Process, new XlCommand(Sender, kind, domain, text, flag));
        }
        else
        {
            Context.Tell(Sender, new CommandEnded(kind, domain, text, false, $"{domain} is an invalid domain identifier (rc=-6)"));
        }
    }
}
