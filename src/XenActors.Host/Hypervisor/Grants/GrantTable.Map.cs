using XenActors.Abi;

namespace XenActors.Hypervisor.Grants;

/// <summary>GNTTABOP_map_grant_ref and GNTTABOP_unmap_grant_ref: pins, and the mappers' handles.</summary>
public sealed partial class GrantTable
{
    private SortedDictionary<ushort, Maptrack> Maptracks { get; set; } = [];

    // The mapper of the last operation: a backend's batches come one after the other.
    [Simulation.CodecIgnore]
    private Maptrack? LastTrack { get; set; }

    [Simulation.CodecIgnore]
    private ushort LastMapper { get; set; }

    /// <summary>A domain's handles for this table.</summary>
    public Maptrack TrackOf(ushort mapper)
    {
        if (LastTrack is { } last && LastMapper == mapper)
        {
            return last;
        }

        if (!Maptracks.TryGetValue(mapper, out var track))
        {
            track = new Maptrack();
            Maptracks.Add(mapper, track);
        }

        (LastTrack, LastMapper) = (track, mapper);
        return track;
    }

    /// <summary>How many mappings are live.</summary>
    public int Live
    {
        get
        {
            var live = 0;
            foreach (var track in Maptracks.Values)
            {
                live += track.Live;
            }

            return live;
        }
    }

    /// <summary>The domain is gone: nothing is left of table and pages. The frames of handles go back to the mappers, by domain.</summary>
    public List<(ushort Mapper, List<uint> Frames)> End()
    {
        var frames = new List<(ushort, List<uint>)>();
        foreach (var (mapper, track) in Maptracks)
        {
            frames.Add((mapper, track.FrameNumbers));
        }

        Maptracks = [];
        LastTrack = null;
        Frames = [];
        StatusFrames = [];
        Active = [];
        Memory = new();
        Guest = [];
        FreeRefs = [];
        Deferred = [];
        return frames;
    }

    /// <summary>Every live mapping; a snapshot for tools and tests.</summary>
    public List<Mapping> Mappings
    {
        get
        {
            var mappings = new List<Mapping>();
            foreach (var (mapper, track) in Maptracks)
            {
                foreach (var (handle, mapping) in track.All())
                {
                    mappings.Add(new Mapping(handle, mapping.Ref, mapper, (mapping.Flags & GnttabMapFlags.Readonly) != 0));
                }
            }

            return mappings;
        }
    }

    /// <summary>One operation of a batch: a mapping by a kernel for itself, at an address of its own choice.</summary>
    public GnttabStatus Map(uint reference, ushort by, bool readOnly, out uint handle) =>
        Map(reference, by, GnttabMapFlags.HostMap | (readOnly ? GnttabMapFlags.Readonly : GnttabMapFlags.None), 0, byIsHvm: false, out handle);

    /// <summary>One operation of a batch.</summary>
    /// <param name="hostAddr">Where the mapper wants the page; 0: anywhere.</param>
    /// <param name="byIsHvm">An HVM domain maps for its CPUs only.</param>
    public GnttabStatus Map(uint reference, ushort by, GnttabMapFlags flags, ulong hostAddr, bool byIsHvm, out uint handle)
    {
        handle = 0;
        var increment = Increment(flags);
        if (increment == 0)
        {
            return GnttabStatus.BadGntref;
        }

        if (byIsHvm && (flags & (GnttabMapFlags.DeviceMap | GnttabMapFlags.ApplicationMap | GnttabMapFlags.ContainsPte)) != 0)
        {
            return GnttabStatus.GeneralError;
        }

        var track = TrackOf(by);
        if (track.Free == 0)
        {
            return GnttabStatus.NoSpace;
        }

        var status = Pin(reference, by, (flags & GnttabMapFlags.Readonly) != 0, increment);
        if (status == GnttabStatus.Okay)
        {
            track.Take(reference, flags, hostAddr, out handle);
        }

        return status;
    }

    /// <summary>Where a device finds a pinned entry's page.</summary>
    public ulong BusAddressOf(uint reference) => Active[reference].Frame << Gfn.PageShift;

    /// <summary>What was written through a mapping is in the page from now on; through one for reading nothing can have been.</summary>
    public void WriteBack(uint handle, ushort by, ReadOnlySpan<byte> written)
    {
        if (TrackOf(by).TryGet(handle, out var mapping) && (mapping.Flags & GnttabMapFlags.Readonly) == 0 && PinnedPage(mapping.Ref) is { } page)
        {
            written[..Math.Min(written.Length, page.Length)].CopyTo(page);
        }
    }

    /// <summary>One operation of a batch: the whole mapping goes. What was written through it is in the page from now on.</summary>
    public GnttabStatus Unmap(uint handle, ushort by, ReadOnlySpan<byte> written)
    {
        var track = TrackOf(by);
        if (!track.TryGet(handle, out var mapping))
        {
            return GnttabStatus.BadHandle;
        }

        if (!written.IsEmpty && (mapping.Flags & GnttabMapFlags.Readonly) == 0 && Memory.Find(Active[mapping.Ref].Frame) is { } page)
        {
            written[..Math.Min(written.Length, page.Length)].CopyTo(page);
        }

        Unpin(mapping.Ref, mapping.Flags);
        mapping.Flags = GnttabMapFlags.None;
        track.Set(handle, in mapping);
        return GnttabStatus.Okay;
    }

    /// <summary>One operation of a batch, as the hypercall has it: each address that is not 0 ends that part of the mapping.</summary>
    public GnttabStatus Unmap(uint handle, ushort by, ulong hostAddr, ulong devBusAddr)
    {
        var track = TrackOf(by);
        if (!track.TryGet(handle, out var mapping))
        {
            return GnttabStatus.BadHandle;
        }

        var (flags, readOnly) = (mapping.Flags, mapping.Flags & GnttabMapFlags.Readonly);
        if (devBusAddr != 0 && (flags & GnttabMapFlags.DeviceMap) != 0 && devBusAddr != Active[mapping.Ref].Frame << Gfn.PageShift)
        {
            return GnttabStatus.BadDevAddr;
        }

        var done = GnttabMapFlags.None;
        if (hostAddr != 0 && (flags & GnttabMapFlags.HostMap) != 0)
        {
            if (hostAddr != mapping.HostAddr)
            {
                return GnttabStatus.GeneralError;
            }

            done |= GnttabMapFlags.HostMap;
        }

        if (devBusAddr != 0)
        {
            done |= flags & GnttabMapFlags.DeviceMap;
        }

        Unpin(mapping.Ref, done | readOnly);
        mapping.Flags &= ~done;
        if ((mapping.Flags & (GnttabMapFlags.HostMap | GnttabMapFlags.DeviceMap)) == 0)
        {
            mapping.Flags = GnttabMapFlags.None;
        }

        track.Set(handle, in mapping);
        return GnttabStatus.Okay;
    }

    /// <summary>GNTTABOP_unmap_and_replace: another mapping of the mapper's takes the address. Only PV domains have such.</summary>
    public GnttabStatus UnmapAndReplace(uint handle, ushort by, ulong hostAddr, ulong newAddr, bool byIsHvm)
    {
        if (!TrackOf(by).TryGet(handle, out _))
        {
            return GnttabStatus.BadHandle;
        }

        return byIsHvm && newAddr != 0 ? GnttabStatus.GeneralError : Unmap(handle, by, hostAddr, 0);
    }

    private static uint Increment(GnttabMapFlags flags)
    {
        var readOnly = (flags & GnttabMapFlags.Readonly) != 0;
        var increment = (flags & GnttabMapFlags.DeviceMap) == 0 ? 0 : readOnly ? GrantPin.DeviceRead : GrantPin.DeviceWrite;
        return increment + ((flags & GnttabMapFlags.HostMap) == 0 ? 0 : readOnly ? GrantPin.HostRead : GrantPin.HostWrite);
    }

    // map_grant_ref, the part under the table's lock.
    private GnttabStatus Pin(uint reference, ushort by, bool readOnly, uint increment)
    {
        if (reference >= EntryCount)
        {
            return GnttabStatus.BadGntref;
        }

        if (Dying)
        {
            return GnttabStatus.GeneralError;
        }

        ref var active = ref Active[reference];
        if (active.Pin != 0 && (active.Domid != by || (active.Pin & GrantPin.Overflow(increment)) != 0 || active.SubPage))
        {
            return GnttabStatus.GeneralError;
        }

        if (active.Pin == 0 || (!readOnly && (active.Pin & GrantPin.WritersMask) == 0))
        {
            var status = TakeStatus(reference, in active, by, readOnly, mapping: true);
            if (status != GnttabStatus.Okay)
            {
                return status;
            }

            if (active.Pin == 0)
            {
                var frame = FrameOf(reference);
                if (Memory.Find(frame) is null)
                {
                    ReduceStatus(reference, 0, readOnly);
                    return GnttabStatus.BadPage;
                }

                active = new ActiveGrant { Domid = by, Frame = frame, Length = Gfn.PageSize };
            }
        }

        active.Pin += increment;
        return GnttabStatus.Okay;
    }

    // unmap_common_complete
    private void Unpin(uint reference, GnttabMapFlags done)
    {
        Active[reference].Pin -= Increment(done);
        ReduceStatus(reference, Active[reference].Pin, (done & GnttabMapFlags.Readonly) != 0);
    }

    // _set_status: an entry that is not pinned must say so itself; for writing it must never be read-only.
    private GnttabStatus TakeStatus(uint reference, in ActiveGrant active, ushort by, bool readOnly, bool mapping)
    {
        var flags = FlagsOf(reference);
        if (active.Pin == 0)
        {
            var type = flags & ((GrantFlags)GrantTypes.TypeMask | (mapping ? GrantFlags.SubPage : 0));
            var permitted = type == GrantFlags.PermitAccess || (!mapping && Version == 2 && type == GrantFlags.Transitive);
            if (!permitted || DomidOf(reference) != by)
            {
                return GnttabStatus.GeneralError;
            }
        }

        if (!readOnly && (flags & GrantFlags.Readonly) != 0)
        {
            return GnttabStatus.GeneralError;
        }

        SetStatus(reference, readOnly ? GrantFlags.Reading : GrantFlags.Reading | GrantFlags.Writing);
        return GnttabStatus.Okay;
    }

    // reduce_status_for_pin: no more than the pins need.
    private void ReduceStatus(uint reference, uint pin, bool readOnly)
    {
        var clear = pin == 0 ? GrantFlags.Reading : 0;
        if (!readOnly && (pin & GrantPin.WritersMask) == 0)
        {
            clear |= GrantFlags.Writing;
        }

        if (clear != 0)
        {
            ClearStatus(reference, clear);
        }
    }
}
