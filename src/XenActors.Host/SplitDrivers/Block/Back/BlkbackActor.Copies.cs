using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>
/// A backend that maps nothing but its rings: what a write carries is copied out of the frontend's pages before the disk is asked, and what a read has
/// brought is copied into them before the response (GNTTABOP_copy). Source: QEMU, <c>hw/block/dataplane/xen-block.c</c>, xen_block_copy_request.
/// </summary>
public partial class BlkbackActor
{
    /// <summary>Data pages are copied, and not mapped.</summary>
    protected virtual bool Copies => false;

    /// <summary>The backend's own work for one request.</summary>
    protected virtual VirtualDuration RequestCost => Driver.Costs.BackendBlock;

    protected override void CopiesDone(CopyGrantsResult m)
    {
        if (Request(m.Cookie, out var queue, out var ring, out var place) is not { } request)
        {
            return;
        }

        var all = !m.Statuses.Exists(s => s != GnttabStatus.Okay);
        if (request.Phase == BlkbackPhase.Mapping && all)
        {
            request.Data = m.Data;
            Submit(queue, ring, place, request);
            return;
        }

        // A page that cannot be copied fails the request, whichever way it was to go.
        request.Status = all ? request.Status : BlkifStatus.Error;
        Respond(queue, ring, place);
    }

    // Before the disk: a write's data.
    private void CopyIn(int queue, BlkbackRing ring, int place, BlkbackRequest request)
    {
        request.Phase = BlkbackPhase.Mapping;
        if (request.Operation == BlkifOp.Read || request.Segments == 0)
        {
            Submit(queue, ring, place, request);
            return;
        }

        var extents = Extents(request, out var bytes);
        Work(Driver.Costs.CopyBatch(extents.Count, bytes));
        Context.Tell(GuestGrants, new CopyFromGrants(extents, Cookie(queue, request, place)));
    }

    // After it: a read's.
    private void CopyOut(int queue, BlkbackRing ring, int place, BlkbackRequest request, long cookie)
    {
        if (request.Operation != BlkifOp.Read || request.Status != BlkifStatus.Okay)
        {
            Respond(queue, ring, place);
            return;
        }

        request.Phase = BlkbackPhase.Unmapping;
        var extents = Extents(request, out var bytes);
        Work(Driver.Costs.CopyBatch(extents.Count, bytes));
        Context.Tell(GuestGrants, new CopyToGrants(extents, request.Data, cookie));
    }

    private static List<GrantExtent> Extents(BlkbackRequest request, out int bytes)
    {
        var extents = new List<GrantExtent>(request.Segments);
        bytes = 0;
        for (var i = 0; i < request.Segments; i++)
        {
            var length = (request.Last[i] - request.First[i] + 1) * BlkifSectors.Size;
            extents.Add(new(request.Refs[i], (ushort)(request.First[i] * BlkifSectors.Size), (ushort)length));
            bytes += length;
        }

        return extents;
    }
}
