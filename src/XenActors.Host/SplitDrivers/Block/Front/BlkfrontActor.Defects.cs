using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>What known defects do instead of what is right; see the catalogue of defects for where each was published.</summary>
public sealed partial class BlkfrontActor
{
    /// <summary>gnttab_try_end_foreign_access; or, as it was before, the pages are this end's again whoever maps them.</summary>
    private void TakeBack(List<uint> refs, long cookie)
    {
        if (Suffers(Defects.BlkfrontFreeWhileMapped))
        {
            Context.Tell(Driver.GrantTable, new ForceEndAccess(refs, cookie));
        }
        else
        {
            Context.Tell(Driver.GrantTable, new EndAccess(refs, cookie));
        }
    }

    // Only an id that no request can have is left out; whether the request is out, and what it had asked for, is not looked at.
    private bool Believed(int queue, BlkfrontRing ring, in BlkifResponse response)
    {
        if (response.Id >= (ulong)ring.Shadows.Length)
        {
            return true;
        }

        var shadow = ring.Shadows[response.Id];
        if (shadow.Status == ShadowStatus.Waiting)
        {
            End(queue, ring, (int)response.Id, response.Status);
            return true;
        }

        // Its request has been answered: the same answer reaches whoever asked once more, if anybody has the place now.
        Context.Note(new RingResponseBelieved(ring.RingRefs[0], response.Id));
        if (shadow.Io < State.Ios.Count && State.Ios[shadow.Io] is { Asker.IsNone: false } io)
        {
            io.Status = response.Status == BlkifStatus.Okay ? io.Status : Guest.Block.BlockStatus.IoError;
            Context.Tell(io.Asker, new Guest.Block.BlockDone(io.Cookie, io.Status, []));
        }

        return true;
    }
}
