using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>One domain's grant table: its own drivers grant here, other domains map here.</summary>
public sealed partial class GrantTableActor : Actor<GrantTableState>
{
    private static readonly VirtualDuration DeferredInterval = VirtualDuration.FromSeconds(1);

    public void On(in SetupGrants m)
    {
        (State.Table.FramesMax, State.Table.VersionMax) = (m.FramesMax, m.VersionMax);
        State.Table.Owner = State.Domain;
        (State.MaptrackFramesMax, State.Hvm) = (m.MaptrackFramesMax, m.Hvm);
    }

    public void On(in SetupReservedGrants m)
    {
        State.Table.Reserve(GrantRef.Console.Value, 0, m.ConsoleGfn);
        State.Table.Reserve(GrantRef.Xenstore.Value, 0, m.StoreGfn);

        // dom0's drivers will map this domain's pages: their first handles are there before them.
        Lease(0, 1);
    }

    public void On(in GrantPages m)
    {
        var frames = State.Table.Frames.Count;
        var refs = new List<uint>(m.Pages.Length / Gfn.PageSize);
        for (var at = 0; at < m.Pages.Length; at += Gfn.PageSize)
        {
            var page = m.Pages.AsSpan(at, Gfn.PageSize).ToArray();
            if (!State.Table.Grant(m.To, page, m.ReadOnly, m.Shared, Sender, out var reference))
            {
                // All or nothing: the caller asked for the whole buffer.
                for (var i = refs.Count - 1; i >= 0; i--)
                {
                    State.Table.End(refs[i]);
                    Context.Note(new GrantRevoked(State.Domain, refs[i]));
                }

                refs.Clear();
                break;
            }

            refs.Add(reference);
            Context.Note(new GrantGiven(State.Domain, reference, m.To));
        }

        OwnCalls(State.Table.Frames.Count - frames);
        Context.Tell(Sender, new PagesGranted(m.Cookie, refs));
    }

    public void On(in HoldReferences m)
    {
        var frames = State.Table.Frames.Count;
        var refs = new List<uint>();
        var ok = m.Count >= 0 && State.Table.Hold(m.Count, refs);
        if (ok)
        {
            State.Held.Add(new HeldReferences(Sender, refs));
        }

        OwnCalls(State.Table.Frames.Count - frames);
        Context.Tell(Sender, new ReferencesHeld(m.Cookie, ok));
    }

    // gnttab_expand: each new frame is a hypercall (XENMEM_add_to_physmap, or GNTTABOP_setup_table). Entries are written without.
    private void OwnCalls(int calls)
    {
        State.Counts.OwnCalls += calls;
        if (calls > 0 && State.HypercallCost > VirtualDuration.Zero)
        {
            Context.Work(State.HypercallCost * calls);
        }
    }

    public void On(in FreeReferences m)
    {
        for (var i = State.Held.Count - 1; i >= 0; i--)
        {
            if (State.Held[i].Driver == Sender)
            {
                State.Table.Free(State.Held[i].Refs);
                State.Held.RemoveAt(i);
            }
        }
    }

    public void On(in EndAccess m)
    {
        var pages = new byte[m.Refs.Count * Gfn.PageSize];
        var stillMapped = 0;
        for (var i = 0; i < m.Refs.Count; i++)
        {
            if (State.Table.End(m.Refs[i]) is { } page)
            {
                page.CopyTo(pages, i * Gfn.PageSize);
                Context.Note(new GrantRevoked(State.Domain, m.Refs[i]));
                continue;
            }

            stillMapped++;
            if (m.Defer)
            {
                State.Table.Defer(m.Refs[i]);
            }
        }

        StartDeferred();
        Context.Tell(Sender, new AccessEnded(m.Cookie, stillMapped, pages));
    }

    public void On(in ForceEndAccess m)
    {
        var pages = new byte[m.Refs.Count * Gfn.PageSize];
        for (var i = 0; i < m.Refs.Count; i++)
        {
            if (State.Table.End(m.Refs[i], force: true) is { } page)
            {
                page.CopyTo(pages, i * Gfn.PageSize);
                Context.Note(new GrantRevoked(State.Domain, m.Refs[i]));
            }
        }

        Context.Tell(Sender, new AccessEnded(m.Cookie, 0, pages));
    }

    public void On(in DeferredDue m)
    {
        State.DeferredTimer = false;
        var ended = State.Table.HandleDeferred();
        for (var i = 0; i < ended.Count; i++)
        {
            Context.Note(new GrantRevoked(State.Domain, ended[i]));
        }

        StartDeferred();
    }

    public void On(in MapGrants m)
    {
        if (!TryMapper(out var by))
        {
            return;
        }

        var track = State.Table.TrackOf(by);
        if (track.Free < m.Refs.Count && !track.Exhausted)
        {
            State.Waiting.Add(new WaitingMap(Sender, m));
            Lease(by, (m.Refs.Count - track.Free + Maptrack.HandlesPerFrame) / Maptrack.HandlesPerFrame);
            return;
        }

        Map(m, by, Sender);
    }

    // As a mapper: another domain's table wants handles of ours.
    public void On(in LeaseMaptrack m)
    {
        var (first, frames) = TakeMaptrack(m.Frames);
        var owner = State.Places.DomainOf(Sender.Process) ?? State.Domain;
        for (var i = 0; i < frames; i++)
        {
            // Frames that came back have a place already.
            if ((int)first + i < State.Lent.Count)
            {
                State.Lent[(int)first + i] = owner;
            }
            else
            {
                State.Lent.Add(owner);
            }
        }

        Context.Tell(Sender, new MaptrackLeased(first, frames));
    }

    public void On(in ReturnMaptrack m) => State.MaptrackReturned.UnionWith(m.Frames);

    public void On(in MaptrackLeased m)
    {
        if (!TryMapper(out var by))
        {
            return;
        }

        if (State.Released)
        {
            ReturnMaptrack(by, [.. Enumerable.Range((int)m.First, m.Frames).Select(f => (uint)f)]);
            return;
        }

        var track = State.Table.TrackOf(by);
        for (var i = 0; i < m.Frames; i++)
        {
            track.AddFrame(m.First + (uint)i);
        }

        track.Exhausted = m.Frames < track.Asked;
        track.Asked = 0;
        var waiting = State.Waiting;
        State.Waiting = [];
        foreach (var one in waiting)
        {
            if (one.Asker.Process != Sender.Process || (track.Free < one.Batch.Refs.Count && !track.Exhausted))
            {
                State.Waiting.Add(one);
                continue;
            }

            Map(one.Batch, by, one.Asker);
        }

        if (State.Waiting.Find(w => w.Asker.Process == Sender.Process) is { } next)
        {
            Lease(by, (next.Batch.Refs.Count - track.Free + Maptrack.HandlesPerFrame) / Maptrack.HandlesPerFrame);
        }

        TakeForeign(by);
    }

    public void On(in ForceMapStatus m) => State.Forced = m;

    public void On(in UnmapGrants m)
    {
        if (!TryMapper(out var by))
        {
            return;
        }

        State.Counts.UnmapCalls++;
        State.Counts.Unmaps += m.Handles.Count;
        var statuses = new List<GnttabStatus>(m.Handles.Count);
        for (var i = 0; i < m.Handles.Count; i++)
        {
            // A mapper that sends fewer bytes than pages has written to none of the rest.
            var written = m.Written is null || m.Written.Length < (i + 1) * Gfn.PageSize ? default : m.Written.AsSpan(i * Gfn.PageSize, Gfn.PageSize);
            var status = State.Table.Unmap(m.Handles[i], by, written);
            statuses.Add(status);
            if (status == GnttabStatus.Okay)
            {
                Context.Note(new GrantUnmapped(State.Domain, by, m.Handles[i]));
            }
        }

        Context.Tell(Sender, new UnmapGrantsResult(m.Cookie, statuses));
        if (State.Table.Dying)
        {
            ReleaseUnused();
        }
    }

    private bool TryForced(out GnttabStatus status, out uint handle)
    {
        (status, handle) = (State.Forced.Status, 0);
        if (status == GnttabStatus.Okay || State.Forced.Operations <= 0)
        {
            return false;
        }

        State.Forced = State.Forced with { Operations = State.Forced.Operations - 1 };
        State.ForcedDone++;
        return true;
    }

    private void Map(MapGrants m, ushort by, ActorRef asker)
    {
        State.Counts.MapCalls++;
        State.Counts.Maps += m.Refs.Count;
        var statuses = new List<GnttabStatus>(m.Refs.Count);
        var handles = new List<uint>(m.Refs.Count);
        var pages = new byte[m.Refs.Count * Gfn.PageSize];
        var owner = ActorRef.None;
        for (var i = 0; i < m.Refs.Count; i++)
        {
            var reference = m.Refs[i];
            var status = TryForced(out var forced, out var handle) ? forced : State.Table.Map(reference, by, m.ReadOnly, out handle);
            statuses.Add(status);
            handles.Add(handle);
            if (status == GnttabStatus.Okay)
            {
                Context.Note(new GrantMapped(State.Domain, reference, by, handle, m.ReadOnly, asker));
                State.Table.PinnedPage(reference)?.CopyTo(pages, i * Gfn.PageSize);
                var grant = State.Table.GuestOf(reference);
                if (grant.Shared)
                {
                    owner = grant.Owner;
                    Context.Tell(owner, new SharedPageMapped(reference, asker));
                }
            }
        }

        Context.Tell(asker, new MapGrantsResult(m.Cookie, statuses, handles, pages, owner));
    }

    // Who asks is where the message comes from, whatever it says. A process that is no domain's has no handles, and no answer.
    private bool TryMapper(out ushort domain)
    {
        var process = Sender.Process;
        if (State.LastMapper is { } last && last.Process == process)
        {
            domain = last.Domain;
            return true;
        }

        domain = State.Places.DomainOf(process) ?? 0;
        if (State.Places.DomainOf(process) is null)
        {
            return false;
        }

        State.LastMapper = (process, domain);
        return true;
    }

    private void Lease(ushort mapper, int frames)
    {
        var track = State.Table.TrackOf(mapper);
        if (track.Asked == 0)
        {
            track.Asked = frames;
            Context.Tell(State.Places.GrantTable(mapper), new LeaseMaptrack(frames));
        }
    }

    private void StartDeferred()
    {
        if (State.Table.Deferred.Count > 0 && !State.DeferredTimer)
        {
            State.DeferredTimer = true;
            Context.StartTimer(new DeferredDue(), DeferredInterval);
        }
    }
}
