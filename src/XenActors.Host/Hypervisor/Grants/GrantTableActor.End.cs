using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>The end of a domain: its table, and the handles that others had for it.</summary>
public sealed partial class GrantTableActor
{
    public void On(in DestroyGrants m)
    {
        State.Table.Dying = true;
        State.Held.Clear();
        foreach (var waiting in State.Waiting)
        {
            // Their handles will not come: each operation has its answer all the same.
            if (State.Places.DomainOf(waiting.Asker.Process) is { } by)
            {
                Map(waiting.Batch, by, waiting.Asker);
            }
        }

        State.Waiting.Clear();
        ReleaseUnused();
    }

    // As long as a page is mapped elsewhere, the domain is not gone: it is a zombie.
    private void ReleaseUnused()
    {
        if (State.Released || State.Table.Live > 0)
        {
            return;
        }

        State.Released = true;
        foreach (var (mapper, frames) in State.Table.End())
        {
            ReturnMaptrack(mapper, frames);
        }

        Context.Tell(State.Places.Domain(State.Domain), new GrantsReleased());
    }

    private void ReturnMaptrack(ushort mapper, List<uint> frames)
    {
        if (frames.Count > 0)
        {
            Context.Tell(State.Places.GrantTable(mapper), new ReturnMaptrack(frames));
        }
    }

    // Neighbours that came back go first; else new ones; when there are none, what is left.
    private (uint First, int Frames) TakeMaptrack(int wanted)
    {
        var (first, length) = (0u, 0);
        var (best, bestLength) = (0u, 0);
        foreach (var frame in State.MaptrackReturned)
        {
            (first, length) = length > 0 && frame == first + (uint)length ? (first, length + 1) : (frame, 1);
            if (length > bestLength)
            {
                (best, bestLength) = (first, length);
            }

            if (length == wanted)
            {
                break;
            }
        }

        var fresh = Math.Min(wanted, State.MaptrackFramesMax - State.MaptrackFrames);
        if (bestLength < wanted && fresh > bestLength)
        {
            var from = (uint)State.MaptrackFrames;
            State.MaptrackFrames += fresh;
            return (from, fresh);
        }

        for (var i = 0u; i < bestLength; i++)
        {
            State.MaptrackReturned.Remove(best + i);
        }

        return bestLength > 0 ? (best, bestLength) : ((uint)State.MaptrackFrames, Math.Max(fresh, 0));
    }
}
