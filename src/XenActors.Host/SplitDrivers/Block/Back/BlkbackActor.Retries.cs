using XenActors.Abi;
using XenActors.Hypervisor.Grants;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>What a ring's thread, or the one that maps the rings, has asked for, to be asked again after GNTST_eagain. A thread has its queue's number.</summary>
public partial class BlkbackActor
{
    protected override MapGrants? MapOf(long cookie, out int thread)
    {
        thread = XenwatchThread;
        if (cookie < 0)
        {
            var number = (int)((-1 - cookie) % QueuesMax);
            return State.Step == BlkbackStep.Mapping && number < State.Rings.Count && cookie == RingCookie(number)
                ? new MapGrants(State.Rings[number].RingRefs, false, cookie)
                : null;
        }

        if (Request(cookie, out thread, out _, out _) is not { Phase: BlkbackPhase.Indirect or BlkbackPhase.Mapping } request)
        {
            return null;
        }

        var indirect = request.Phase == BlkbackPhase.Indirect;
        var pages = indirect ? request.IndirectPages : request.Segments;
        var refs = new List<uint>(pages);
        for (var i = 0; i < pages; i++)
        {
            if (request.Mapped[i] == BlkbackMapping.None)
            {
                refs.Add(request.Refs[i]);
            }
        }

        return new MapGrants(refs, !State.Persistent && (indirect || request.Operation != BlkifOp.Read), cookie);
    }

    protected override (CopyFromGrants? From, CopyToGrants? To) CopyOf(long cookie, out int thread) =>
        Request(cookie, out thread, out _, out _) switch
        {
            { Phase: BlkbackPhase.Mapping } request => (new CopyFromGrants(Extents(request, out _), cookie), null),
            { Phase: BlkbackPhase.Unmapping } request => (null, new CopyToGrants(Extents(request, out _), request.Data, cookie)),
            _ => default,
        };

    protected override void Sleeps(int thread)
    {
        if (thread >= 0)
        {
            State.Rings[thread].Asleep = true;
        }
    }

    protected override void Woken(int thread)
    {
        if (thread >= 0 && thread < State.Rings.Count)
        {
            State.Rings[thread].Asleep = false;
            Process(thread);
        }
    }

    protected override void GaveUp(int thread, string function)
    {
        // The ring's own thread has a name that only the store knows.
        if (thread == XenwatchThread)
        {
            Log($"xen:grant_table: {function}: xenwatch eagain grant");
        }
    }
}
