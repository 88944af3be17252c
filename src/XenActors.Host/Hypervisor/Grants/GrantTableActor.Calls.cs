using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>A hypercall of this domain of which other domains' tables have parts.</summary>
[Codec]
public sealed partial class MapCall
{
    public required ActorRef Asker { get; set; }

    public required GrantTableOp Call { get; set; }

    /// <summary>The structures, as far as they have been answered.</summary>
    public required byte[] Argument { get; set; }

    public required byte[] Pages { get; set; }

    /// <summary>Which structures each domain has, in the order in which it got them; a domain that has answered is not here.</summary>
    public SortedDictionary<ushort, List<int>> Open { get; set; } = [];
}

[Codec]
public sealed partial record WaitingForeign(ActorRef Table, ushort Mapper, ForeignGrantOp Part);

/// <summary>
/// GNTTABOP_map_grant_ref and GNTTABOP_unmap_grant_ref as a guest makes them: bytes of structures, for whoever's grants. The mapper's table cuts them up by
/// the granting domains, and puts the answers together. Source: <c>xen/common/grant_table.c</c>, gnttab_map_grant_ref, gnttab_unmap_grant_ref.
/// </summary>
public sealed partial class GrantTableActor
{
    public void On(in ForeignGrantOp m)
    {
        if (TryMapper(out var by))
        {
            State.WaitingForeign.Add(new(Sender, by, m));
            TakeForeign(by);
        }
    }

    public void On(in ForeignGrantOpResult m)
    {
        if (State.Places.DomainOf(Sender.Process) is not { } domain || !State.Calls.TryGetValue(m.Batch, out var call) || !call.Open.Remove(domain, out var places))
        {
            return;
        }

        var size = SizeOf((GnttabOp)call.Call.Operation);
        for (var i = 0; i < places.Count; i++)
        {
            m.Structures.AsSpan(i * size, size).CopyTo(call.Argument.AsSpan(places[i] * size));
            if (m.Pages.Length > 0)
            {
                m.Pages.AsSpan(i * Gfn.PageSize, Gfn.PageSize).CopyTo(call.Pages.AsSpan(places[i] * Gfn.PageSize));
            }
        }

        if (call.Open.Count == 0)
        {
            State.Calls.Remove(m.Batch);
            Finish(call);
        }
    }

    private static int SizeOf(GnttabOp operation) => operation == GnttabOp.MapGrantRef ? GnttabMapGrantRef.SizeOf : GnttabUnmapGrantRef.SizeOf;

    private void MapOrUnmap(GrantTableOp m)
    {
        var size = SizeOf((GnttabOp)m.Operation);
        if (m.Count > int.MaxValue / Gfn.PageSize || m.Argument.Length < m.Count * size)
        {
            Context.Tell(Sender, new GrantTableOpResult(m.Operation, -(long)XenErrno.EFAULT, [.. m.Argument], [], m.Cookie));
            return;
        }

        var map = (GnttabOp)m.Operation == GnttabOp.MapGrantRef;
        var call = new MapCall { Asker = Sender, Call = m, Argument = [.. m.Argument], Pages = map ? new byte[m.Count * Gfn.PageSize] : [] };
        for (var i = 0; i < m.Count; i++)
        {
            if (Granter(map, call.Argument.AsSpan(i * size, size)) is not { } granter)
            {
                continue;
            }

            if (!call.Open.TryGetValue(granter, out var places))
            {
                call.Open.Add(granter, places = []);
            }

            places.Add(i);
        }

        if (call.Open.Count == 0)
        {
            Finish(call);
            return;
        }

        var batch = State.NextCall++;
        State.Calls.Add(batch, call);
        foreach (var (granter, places) in call.Open)
        {
            Context.Tell(State.Places.GrantTable(granter), Part(call, size, places, batch));
        }
    }

    // Whose grant a structure is about; null when it is nobody's, and has its status.
    private ushort? Granter(bool map, Span<byte> structure)
    {
        if (map)
        {
            var ask = GnttabMapGrantRef.Read(structure);
            if (State.Places.Has(ask.Dom.Value))
            {
                return ask.Dom.Value;
            }

            (ask with { Status = GnttabStatus.BadDomain }).WriteTo(structure);
            return null;
        }

        var unmap = GnttabUnmapGrantRef.Read(structure);
        var frame = unmap.Handle / Maptrack.HandlesPerFrame;
        if (frame < (uint)State.Lent.Count)
        {
            return State.Lent[(int)frame];
        }

        (unmap with { Status = GnttabStatus.BadHandle }).WriteTo(structure);
        return null;
    }

    private ForeignGrantOp Part(MapCall call, int size, List<int> places, long batch)
    {
        var structures = new byte[places.Count * size];
        var pages = call.Call.Written is { } all && all.Length >= call.Call.Count * Gfn.PageSize ? all : null;
        var written = pages is null ? null : new byte[places.Count * Gfn.PageSize];
        for (var i = 0; i < places.Count; i++)
        {
            call.Argument.AsSpan(places[i] * size, size).CopyTo(structures.AsSpan(i * size));
            pages?.AsSpan(places[i] * Gfn.PageSize, Gfn.PageSize).CopyTo(written.AsSpan(i * Gfn.PageSize));
        }

        return new((GnttabOp)call.Call.Operation, structures, written, State.Hvm, call.Asker, batch);
    }

    private void Finish(MapCall call) =>
        Context.Tell(call.Asker, new GrantTableOpResult(call.Call.Operation, 0, call.Argument, [], call.Call.Cookie, call.Pages));

    // One domain's parts in their order, as far as there are handles for them.
    private void TakeForeign(ushort by)
    {
        var track = State.Table.TrackOf(by);
        for (var i = 0; i < State.WaitingForeign.Count;)
        {
            var (table, mapper, part) = State.WaitingForeign[i];
            if (mapper != by)
            {
                i++;
                continue;
            }

            var count = part.Structures.Length / SizeOf(part.Operation);
            if (part.Operation == GnttabOp.MapGrantRef && track.Free < count && !track.Exhausted)
            {
                Lease(by, (count - track.Free + Maptrack.HandlesPerFrame) / Maptrack.HandlesPerFrame);
                return;
            }

            State.WaitingForeign.RemoveAt(i);
            Context.Tell(table, part.Operation == GnttabOp.MapGrantRef ? MapEach(part, by, count) : UnmapEach(part, by, count));
        }
    }

    private ForeignGrantOpResult MapEach(ForeignGrantOp part, ushort by, int count)
    {
        State.Counts.MapCalls++;
        State.Counts.Maps += count;
        var (structures, pages) = (part.Structures.AsSpan().ToArray(), new byte[count * Gfn.PageSize]);
        for (var i = 0; i < count; i++)
        {
            var structure = structures.AsSpan(i * GnttabMapGrantRef.SizeOf);
            var ask = GnttabMapGrantRef.Read(structure);
            var reference = ask.Ref.Value;
            var status = State.Table.Map(reference, by, ask.Flags, ask.HostAddr, part.Hvm, out var handle);
            if (status != GnttabStatus.Okay)
            {
                (ask with { Status = status }).WriteTo(structure);
                continue;
            }

            (ask with { Status = status, Handle = handle, DevBusAddr = State.Table.BusAddressOf(reference) }).WriteTo(structure);
            State.Table.PinnedPage(reference)?.CopyTo(pages, i * Gfn.PageSize);
            if (State.Table.GuestOf(reference) is { Shared: true } grant)
            {
                Context.Tell(grant.Owner, new SharedPageMapped(reference, part.Asker));
            }
        }

        return new(part.Batch, structures, pages);
    }

    private ForeignGrantOpResult UnmapEach(ForeignGrantOp part, ushort by, int count)
    {
        State.Counts.UnmapCalls++;
        State.Counts.Unmaps += count;
        var structures = part.Structures.AsSpan().ToArray();
        for (var i = 0; i < count; i++)
        {
            var structure = structures.AsSpan(i * GnttabUnmapGrantRef.SizeOf);
            var ask = GnttabUnmapGrantRef.Read(structure);
            if (part.Written is { } written)
            {
                State.Table.WriteBack(ask.Handle, by, written.AsSpan(i * Gfn.PageSize, Gfn.PageSize));
            }

            (ask with { Status = State.Table.Unmap(ask.Handle, by, ask.HostAddr, ask.DevBusAddr) }).WriteTo(structure);
        }

        return new(part.Batch, structures, []);
    }
}
