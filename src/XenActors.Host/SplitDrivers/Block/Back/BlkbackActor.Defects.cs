using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>What known defects do instead of what is right; see the catalogue of defects for where each was published.</summary>
public partial class BlkbackActor
{
    // The flush is answered and the disk never hears of it; a barrier's data are written.
    private void IgnoreFlush(int queue, BlkbackRing ring, int place, BlkbackRequest request, long cookie)
    {
        if (request.Segments > 0)
        {
            Write(ring, request, cookie);
        }
        else
        {
            Unmap(queue, ring, place, cookie);
        }
    }

    // Where a read's page goes: as the copy of the slot says that was checked and whose pages were mapped. A double fetch asks the slot in shared memory once
    // more. An indirect request's slot names no data pages.
    private uint Target(BlkbackRing ring, BlkbackRequest request, int segment)
    {
        if (!Suffers(Defects.BlkbackDoubleFetch) || request.Segments > BlkifLimits.MaxSegmentsPerRequest)
        {
            return request.Refs[segment];
        }

        var slot = ring.Ring!.Shared(request.Slot);
        return BlkifRequest.Read(slot, Layout).Operation == BlkifOp.Read ? BlkifRequest.ReadSegment(slot, Layout, segment).Gref.Value : request.Refs[segment];
    }

    // xen_blkif_disconnect does not wait for what is in flight: all pages go back, and the ring is there still for whoever ends a request.
    private void LetGoUnderWork()
    {
        State.Draining = false;
        DropRetries();
        foreach (var ring in State.Rings)
        {
            var handles = ring.Persistent.Clear();
            foreach (var request in ring.Requests)
            {
                for (var i = 0; request.Phase != BlkbackPhase.Free && i < Math.Max(request.Segments, request.IndirectPages); i++)
                {
                    if (request.Mapped[i] == BlkbackMapping.Own)
                    {
                        handles.Add(request.Handles[i]);
                    }
                    else
                    {
                        request.Mapped[i] = BlkbackMapping.None;
                    }
                }
            }

            handles.AddRange(ring.RingHandles);
            ring.RingHandles = [];
            Context.Tell(GuestGrants, new UnmapGrants(handles, null, NobodysCookie));
            if (ring.Bound)
            {
                ring.Bound = false;
                Context.Tell(Driver.EventChannels, new CloseEvent(ring.Port));
            }
        }

        SwitchTo(XenbusState.Closed);
    }
}
