using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>The data path: a buffer's pages are granted, a request goes through the ring, the response ends the grants.</summary>
public sealed partial class BlkfrontActor
{
    private const int SectorSize = 512;
    private const int SectorsPerPage = Gfn.PageSize / SectorSize;

    /// <summary>What one request can carry without indirect segments.</summary>
    private const uint SectorsPerRequest = BlkifLimits.MaxSegmentsPerRequest * SectorsPerPage;

    // The handle is 16 bits wide; what an extended number has beyond them is cut off, as Linux does.
    private ushort VbdHandle => unchecked((ushort)State.VirtualDevice);

    public void On(in BlockRequest m)
    {
        if (m.Operation != BlockOperation.Read)
        {
            Context.Tell(Sender, new BlockDone(m.Cookie, BlockStatus.NotSupported, []));
            return;
        }

        if (State.Broken || m.Count == 0 || m.Count > SectorsPerRequest || State.Ring is null || State.Backend.IsNone
            || State.Requests.Count >= State.Ring.Entries)
        {
            Context.Tell(Sender, new BlockDone(m.Cookie, BlockStatus.IoError, []));
            return;
        }

        var id = State.NextId++;
        State.Requests.Add(id, new BlkfrontRequest { Asker = Sender, Cookie = m.Cookie, Sector = m.Sector, Count = m.Count });
        var pages = (int)(m.Count + SectorsPerPage - 1) / SectorsPerPage;
        Grant(new byte[pages * Gfn.PageSize], readOnly: false, shared: false, (long)id);
    }

    public void On(in ResponsesPublished m)
    {
        if (State.Ring is null || Sender != State.Backend)
        {
            return;
        }

        switch (State.Ring.Arrive(in m))
        {
            case null:
                Broken();
                break;
            case true:
                Context.Tell(Driver.EventChannels, new RingEvent(State.Port));
                break;
        }
    }

    public void On(in EventFired m)
    {
        while (!State.Broken && State.Ring?.Consume() is { } slot)
        {
            var response = BlkifResponse.Read(slot);
            if (!State.Requests.TryGetValue(response.Id, out var request) || !request.OnRing || response.Operation != BlkifOp.Read)
            {
                Broken();
                return;
            }

            request.OnRing = false;
            request.Failed = response.Status != BlkifStatus.Okay;
            Context.Tell(Driver.GrantTable, new EndAccess(request.Refs, (long)response.Id));
        }
    }

    public void On(in AccessEnded m)
    {
        if (State.Requests.Remove((ulong)m.Cookie, out var request))
        {
            // Pages that the backend maps still are nobody's to use: the read has failed.
            var ok = !request.Failed && m.StillMapped == 0;
            var data = ok ? m.Pages.AsSpan(0, (int)request.Count * SectorSize).ToArray() : [];
            Context.Tell(request.Asker, new BlockDone(request.Cookie, ok ? BlockStatus.Ok : BlockStatus.IoError, data));
        }
    }

    private void BufferGranted(long cookie, List<uint> refs)
    {
        if (!State.Requests.TryGetValue((ulong)cookie, out var request))
        {
            return;
        }

        if (refs.Count == 0)
        {
            State.Requests.Remove((ulong)cookie);
            Context.Tell(request.Asker, new BlockDone(request.Cookie, BlockStatus.IoError, []));
            return;
        }

        request.Refs = refs;
        request.OnRing = true;
        var slot = State.Ring!.NextRequest();
        new BlkifRequest(BlkifOp.Read, (byte)refs.Count, VbdHandle, (ulong)cookie, request.Sector).WriteTo(slot, BlkifLayout.X86_64);
        var left = (int)request.Count;
        for (var i = 0; i < refs.Count; i++)
        {
            var sectors = Math.Min(left, SectorsPerPage);
            BlkifRequest.WriteSegment(slot, BlkifLayout.X86_64, i, new BlkifRequestSegment(new GrantRef(refs[i]), 0, (byte)(sectors - 1)));
            left -= sectors;
        }

        if (State.Ring.Publish(State.RingRef) is { } published)
        {
            Context.Tell(State.Backend, published);
        }
    }

    // The backend does not keep to the protocol: this device is dead, nothing else.
    private void Broken()
    {
        State.Broken = true;
        Print("blkfront-broken", ("disk", State.DiskName));
        foreach (var request in State.Requests.Values)
        {
            Context.Tell(request.Asker, new BlockDone(request.Cookie, BlockStatus.IoError, []));
        }

        State.Requests.Clear();
    }
}
