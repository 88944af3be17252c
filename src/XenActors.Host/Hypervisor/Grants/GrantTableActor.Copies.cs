using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>A batch of copies that waits for other domains: some of its entries are transitive.</summary>
[Codec]
public sealed partial class WaitingCopy
{
    public required ActorRef Asker { get; set; }

    public required long Cookie { get; set; }

    public required List<GnttabStatus> Statuses { get; set; }

    public required byte[] Data { get; set; }

    public required bool In { get; set; }

    /// <summary>Operations whose other domain has not answered.</summary>
    public int Open { get; set; }
}

/// <summary>One operation at another domain, asked for on behalf of a copier here.</summary>
[Codec]
public readonly partial record struct CopyThrough(long Batch, int Index, int At, uint Ref);

/// <summary>Copies, transfers, and hypercalls on the domain's own table.</summary>
public sealed partial class GrantTableActor
{
    public void On(in CopyFromGrants m) => Copy(m.Extents, null, m.Cookie);

    public void On(in CopyToGrants m) => Copy(m.Extents, m.Data, m.Cookie);

    // From another domain's table: a page behind a transitive grant of ours.
    public void On(in CopyGrantsResult m)
    {
        if (!State.Through.Remove(m.Cookie, out var through) || !State.Copies.TryGetValue(through.Batch, out var copy))
        {
            return;
        }

        copy.Statuses[through.Index] = m.Statuses[0];
        if (!copy.In && m.Statuses[0] == GnttabStatus.Okay)
        {
            m.Data.CopyTo(copy.Data, through.At);
        }

        State.Table.Release(through.Ref, readOnly: !copy.In);
        if (--copy.Open == 0)
        {
            State.Copies.Remove(through.Batch);
            Context.Tell(copy.Asker, new CopyGrantsResult(copy.Cookie, copy.Statuses, copy.In ? [] : copy.Data));
        }
    }

    // A page leaves its domain for good: the receiver says where it is to come.
    public void On(in TransferPage m)
    {
        var status = m.Page.Length == Gfn.PageSize && TryMapper(out var by)
            ? State.Table.Transfer(m.Ref, by, [.. m.Page], translated: State.Hvm)
            : GnttabStatus.BadPage;
        Context.Tell(Sender, new TransferPageResult(m.Cookie, status));
    }

    public void On(in GrantTableOp m)
    {
        OwnCalls(1);
        if ((GnttabOp)m.Operation is GnttabOp.MapGrantRef or GnttabOp.UnmapGrantRef)
        {
            MapOrUnmap(m);
            return;
        }

        var argument = m.Argument.AsSpan().ToArray();
        var frames = new List<ulong>();
        var error = GrantTableCalls.Execute(State.Table, State.Domain, m.Operation, m.Count, argument, frames);
        Context.Tell(Sender, new GrantTableOpResult(m.Operation, -(long)error, argument, frames, m.Cookie));
    }

    private void Copy(List<GrantExtent> extents, byte[]? data, long cookie)
    {
        State.Counts.CopyCalls++;
        State.Counts.Copies += extents.Count;
        if (!TryMapper(out var by))
        {
            return;
        }

        var total = 0;
        foreach (var extent in extents)
        {
            total += extent.Length;
        }

        State.Counts.BytesCopied += total;

        // Another table asks on behalf of its own copier: that is as far as it goes.
        var mayPass = Sender.Local != DomainPlaces.GrantTableLocal;
        var batch = State.NextBatch;
        var copy = new WaitingCopy { Asker = Sender, Cookie = cookie, Statuses = new(extents.Count), Data = data ?? new byte[total], In = data is not null };
        var at = 0;
        for (var i = 0; i < extents.Count; at += extents[i].Length, i++)
        {
            copy.Statuses.Add(copy.Data.Length - at < extents[i].Length ? GnttabStatus.BadCopyArg : One(extents[i], i, at, by, mayPass, copy, batch));
        }

        if (copy.Open == 0)
        {
            Context.Tell(Sender, new CopyGrantsResult(cookie, copy.Statuses, copy.In ? [] : copy.Data));
            return;
        }

        State.NextBatch++;
        State.Copies.Add(batch, copy);
    }

    private GnttabStatus One(in GrantExtent extent, int index, int at, ushort by, bool mayPass, WaitingCopy copy, long batch)
    {
        if (extent.Length == 0)
        {
            return GnttabStatus.Okay;
        }

        // A page that is away is as little there to be copied as to be mapped; handles are of no concern here.
        if (State.Forced.Status == GnttabStatus.Eagain && TryForced(out var forced, out _))
        {
            return forced;
        }

        var table = State.Table;
        var status = table.Acquire(extent.Ref, by, !copy.In, mayPass, out var area);
        if (status != GnttabStatus.Okay)
        {
            return status;
        }

        if (area.Through)
        {
            if (!State.Places.Has(area.SourceDomid))
            {
                table.Release(extent.Ref, !copy.In);
                return GnttabStatus.GeneralError;
            }

            copy.Open++;
            var own = State.NextThrough++;
            State.Through.Add(own, new CopyThrough(batch, index, at, extent.Ref));
            List<GrantExtent> far = [extent with { Ref = area.SourceRef }];
            var to = State.Places.GrantTable(area.SourceDomid);
            if (copy.In)
            {
                Context.Tell(to, new CopyToGrants(far, copy.Data.AsSpan(at, extent.Length).ToArray(), own));
            }
            else
            {
                Context.Tell(to, new CopyFromGrants(far, own));
            }

            return GnttabStatus.Okay;
        }

        status = GrantTable.Check(in area, extent.Offset, extent.Length);
        if (status == GnttabStatus.Okay)
        {
            var page = table.PinnedPage(extent.Ref).AsSpan(extent.Offset, extent.Length);
            if (copy.In)
            {
                copy.Data.AsSpan(at, extent.Length).CopyTo(page);
            }
            else
            {
                page.CopyTo(copy.Data.AsSpan(at));
            }
        }

        table.Release(extent.Ref, !copy.In);
        return status;
    }
}
