using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>
/// The data path: requests are copied out of the ring once, checked, their pages mapped, the disk asked, the pages unmapped, and only then
/// is the response published.
/// </summary>
public partial class BlkbackActor
{
    private const int SectorSize = 512;
    private const int SectorsPerPage = Gfn.PageSize / SectorSize;

    public void On(in RequestsPublished m)
    {
        if (State.Ring is null || State.Halted || Sender != State.Frontend)
        {
            return;
        }

        switch (State.Ring.Arrive(in m))
        {
            case null:
                State.Halted = true;
                WriteError($"{(int)XenErrno.EACCES} bogus ring requests");
                break;
            case true:
                Context.Tell(Driver.EventChannels, new RingEvent(State.Port));
                break;
        }
    }

    public void On(in EventFired m)
    {
        while (!State.Halted && State.Ring?.Consume() is { } slot)
        {
            Begin(slot);
        }
    }

    public void On(in DiskDone m)
    {
        if (!State.Requests.TryGetValue(m.Cookie, out var request))
        {
            return;
        }

        request.Status = m.Ok ? BlkifStatus.Okay : BlkifStatus.Error;
        var at = 0;
        for (var i = 0; m.Ok && request.Operation == BlkifOp.Read && i < request.Refs.Count; i++)
        {
            var length = (request.Last[i] - request.First[i] + 1) * SectorSize;
            m.Data.AsSpan(at, length).CopyTo(request.Pages.AsSpan((i * Gfn.PageSize) + (request.First[i] * SectorSize)));
            at += length;
        }

        Context.Tell(
            Driver.Places.GrantTable(Device.OtherDomain),
            new UnmapGrants(request.Handles, request.Operation == BlkifOp.Read ? request.Pages : null, m.Cookie));
    }

    public void On(in UnmapGrantsResult m) => Finish(m.Cookie);

    private void Begin(byte[] slot)
    {
        var layout = Layout;
        var header = BlkifRequest.Read(slot, layout);
        var request = new BlkbackRequest { Id = header.Id, Operation = header.Operation, Sector = header.SectorNumber };
        var cookie = State.NextCookie++;
        State.Requests.Add(cookie, request);
        if (header.Operation is BlkifOp.FlushDiskcache && header.NrSegments == 0)
        {
            Context.Tell(Driver.Disks, new DiskFlush(State.VolumeId, cookie));
            return;
        }

        if (header.Operation is not (BlkifOp.Read or BlkifOp.Write))
        {
            request.Status = BlkifStatus.Eopnotsupp;
            Finish(cookie);
            return;
        }

        if (!Check(header, slot, layout, request))
        {
            request.Status = BlkifStatus.Error;
            Finish(cookie);
            return;
        }

        var readOnly = header.Operation == BlkifOp.Write;
        Context.Tell(Driver.Places.GrantTable(Device.OtherDomain), new MapGrants(request.Refs, readOnly, cookie));
    }

    // Everything here comes from the guest.
    private bool Check(in BlkifRequest header, byte[] slot, BlkifLayout layout, BlkbackRequest request)
    {
        if (header.NrSegments is 0 or > BlkifLimits.MaxSegmentsPerRequest || (header.Operation == BlkifOp.Write && State.ReadOnly))
        {
            return false;
        }

        ulong sectors = 0;
        for (var i = 0; i < header.NrSegments; i++)
        {
            var segment = BlkifRequest.ReadSegment(slot, layout, i);
            if (segment.FirstSect > segment.LastSect || segment.LastSect >= SectorsPerPage)
            {
                return false;
            }

            request.Refs.Add(segment.Gref.Value);
            request.First.Add(segment.FirstSect);
            request.Last.Add(segment.LastSect);
            sectors += (ulong)(segment.LastSect - segment.FirstSect + 1);
        }

        return header.SectorNumber <= State.Sectors && sectors <= State.Sectors - header.SectorNumber;
    }

    private void Mapped(in MapGrantsResult m)
    {
        if (!State.Requests.TryGetValue(m.Cookie, out var request))
        {
            return;
        }

        if (m.Statuses.Exists(s => s != GnttabStatus.Okay))
        {
            // What could be mapped is given back, the request fails.
            request.Status = BlkifStatus.Error;
            List<uint> handles = [];
            for (var i = 0; i < m.Handles.Count; i++)
            {
                if (m.Statuses[i] == GnttabStatus.Okay)
                {
                    handles.Add(m.Handles[i]);
                }
            }

            Context.Tell(Driver.Places.GrantTable(Device.OtherDomain), new UnmapGrants(handles, null, m.Cookie));
            return;
        }

        request.Handles = m.Handles;
        request.Pages = m.Pages;
        if (request.Operation == BlkifOp.Read)
        {
            var sectors = 0;
            for (var i = 0; i < request.Refs.Count; i++)
            {
                sectors += request.Last[i] - request.First[i] + 1;
            }

            Context.Tell(Driver.Disks, new DiskRead(State.VolumeId, request.Sector, (uint)sectors, m.Cookie));
            return;
        }

        var data = new MemoryStream();
        for (var i = 0; i < request.Refs.Count; i++)
        {
            data.Write(m.Pages.AsSpan((i * Gfn.PageSize) + (request.First[i] * SectorSize), (request.Last[i] - request.First[i] + 1) * SectorSize));
        }

        Context.Tell(Driver.Disks, new DiskWrite(State.VolumeId, request.Sector, data.ToArray(), Fua: false, m.Cookie));
    }

    private void Finish(long cookie)
    {
        if (!State.Requests.Remove(cookie, out var request) || State.Ring is null)
        {
            return;
        }

        new BlkifResponse(request.Id, request.Operation, request.Status).WriteTo(State.Ring.NextResponse());
        if (State.Ring.Publish(State.RingRef) is { } published)
        {
            Context.Tell(State.Frontend, published);
        }
    }
}
