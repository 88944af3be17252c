namespace XenActors.Simulation;

/// <summary>A process whose actors stand still: what arrives for them waits.</summary>
internal sealed partial class Partition
{
    private bool _anyHeld;

    /// <summary>From now on all messages to the current process's actors from this place on wait, timers included; the runtime's own do not.</summary>
    public void Hold(int from)
    {
        _processes[_process].Details.HeldFrom = from;
        _anyHeld = true;
    }

    /// <summary>What has waited arrives now, each sender's messages in their order; or it is dropped, because those it was for are gone.</summary>
    public void Release(bool drop)
    {
        var details = _processes[_process].Details;
        details.HeldFrom = 0;
        foreach (var e in details.Held)
        {
            if (drop)
            {
                Drop(in e);
                continue;
            }

            var again = e;
            again.Time = _now;
            Route(in again);
        }

        details.Held.Clear();
    }

    private bool Holds(in Event e)
    {
        var details = _processes[e.Process].Details;
        if (details.HeldFrom == 0 || e.Local < details.HeldFrom || IsSystem(e.Type))
        {
            return false;
        }

        details.Held.Add(e);
        return true;
    }

    // Unrecorded, as a cancelled timer is.
    private void Drop(in Event e)
    {
        if ((e.Flags & Event.Timer) != 0)
        {
            _processes[e.Process].Details.Timers.Fire(e.Sender, out _);
        }

        MessageType.ById(e.Type).Release(Bodies, e.Payload);
    }
}
