using System.Buffers.Binary;
using XenActors.Abi;

namespace XenActors.Hypervisor.Grants;

/// <summary>What concerns the table as a whole, and page transfer.</summary>
public sealed partial class GrantTable
{
    /// <summary>GNTTABOP_setup_table: so many frames are to be there.</summary>
    public GnttabStatus SetupTable(uint frames)
    {
        if (frames > (uint)FramesMax)
        {
            return GnttabStatus.GeneralError;
        }

        Grow((int)frames);
        return GnttabStatus.Okay;
    }

    /// <summary>GNTTABOP_get_status_frames: so many status frames are wanted.</summary>
    public GnttabStatus GetStatusFrames(uint frames) =>
        frames > (uint)StatusFrames.Count ? GnttabStatus.GeneralError : GnttabStatus.Okay;

    /// <summary>GNTTABOP_set_version; this one fails as a whole, with an errno.</summary>
    public XenErrno SetVersion(uint version)
    {
        if (version is not (1 or 2))
        {
            return XenErrno.EINVAL;
        }

        if (version == 2 && VersionMax == 1)
        {
            // As a Xen that knows no versions.
            return XenErrno.ENOSYS;
        }

        if (version == (uint)Version)
        {
            return XenErrno.None;
        }

        for (var reference = Reserved; reference < EntryCount; reference++)
        {
            if (Active[reference].Pin != 0)
            {
                return XenErrno.EBUSY;
            }
        }

        return version == 2 ? ToVersion2() : ToVersion1();
    }

    /// <summary>GNTTABOP_swap_grant_ref, one operation.</summary>
    public GnttabStatus Swap(uint a, uint b)
    {
        if (a >= EntryCount || b >= EntryCount)
        {
            return GnttabStatus.BadGntref;
        }

        if (a == b)
        {
            return GnttabStatus.Okay;
        }

        if (Active[a].Pin != 0 || Active[b].Pin != 0)
        {
            return GnttabStatus.Eagain;
        }

        Span<byte> kept = stackalloc byte[EntrySize];
        Entry(a).CopyTo(kept);
        Entry(b).CopyTo(Entry(a));
        kept.CopyTo(Entry(b));
        if (Version == 2)
        {
            var status = ReadStatus(a);
            WriteStatus(a, ReadStatus(b));
            WriteStatus(b, status);
        }

        return GnttabStatus.Okay;
    }

    /// <summary>
    /// GNTTABOP_transfer, the receiver's end: a page arrives for an entry that waits for one. On an error the page belongs to nobody.
    /// </summary>
    /// <param name="translated">The receiver chose the frame itself, as guests with translated memory do.</param>
    public GnttabStatus Transfer(uint reference, ushort by, byte[] page, bool translated)
    {
        if (Dying || reference >= EntryCount || FlagsOf(reference) != GrantFlags.AcceptTransfer || DomidOf(reference) != by)
        {
            return GnttabStatus.GeneralError;
        }

        SetFlags(reference, GrantFlags.AcceptTransfer | GrantFlags.TransferCommitted);
        if (translated)
        {
            Memory.Put(FrameOf(reference), page);
        }
        else
        {
            SetFrame(reference, Memory.Add(page));
        }

        SetFlags(reference, FlagsOf(reference) | GrantFlags.TransferCompleted);
        return GnttabStatus.Okay;
    }

    private void SetFrame(uint reference, ulong frame)
    {
        if (Version == 1)
        {
            // A version 1 entry has 32 bits for it; frames that the table gives out fit.
            BinaryPrimitives.WriteUInt32LittleEndian(Entry(reference)[GrantEntryV1.FrameOffset..], (uint)frame);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(Entry(reference)[GrantEntryV2.FullPageFrameOffset..], frame);
        }
    }

    // Only the tools' entries are kept: they are in use whenever the guest runs.
    private XenErrno ToVersion2()
    {
        var kept = new GrantEntryV1[Reserved];
        for (var i = 0u; i < Reserved; i++)
        {
            kept[i] = GrantEntryV1.Read(Entry(i));
        }

        Clear();
        Version = 2;
        Grow(Frames.Count);
        for (var i = 0u; i < Reserved; i++)
        {
            var status = kept[i].Flags & (GrantFlags.Reading | GrantFlags.Writing);
            WriteStatus(i, (ushort)status);
            SetFlags(i, kept[i].Flags & ~(GrantFlags.Reading | GrantFlags.Writing));
            BinaryPrimitives.WriteUInt16LittleEndian(Entry(i)[GrantEntryV1.DomidOffset..], kept[i].Domid.Value);
            SetFrame(i, kept[i].Frame);
        }

        return XenErrno.None;
    }

    private XenErrno ToVersion1()
    {
        if (Version2Operations != 0)
        {
            return XenErrno.EAGAIN;
        }

        var kept = new GrantEntryV1[Reserved];
        for (var i = 0u; i < Reserved; i++)
        {
            var type = GrantTypes.TypeOf(FlagsOf(i));
            if (type == GrantFlags.Transitive || (type == GrantFlags.PermitAccess && FrameOf(i) > uint.MaxValue))
            {
                return XenErrno.ERANGE;
            }

            if (type == GrantFlags.PermitAccess)
            {
                var flags = FlagsOf(i) | (GrantFlags)ReadStatus(i);
                kept[i] = new GrantEntryV1(flags, new DomId(DomidOf(i)), (uint)FrameOf(i));
            }
        }

        Clear();
        StatusFrames.Clear();
        Version = 1;
        Grow(Frames.Count);
        for (var i = 0u; i < Reserved; i++)
        {
            kept[i].WriteTo(Entry(i));
        }

        return XenErrno.None;
    }

    private void Clear()
    {
        foreach (var frame in Frames)
        {
            Array.Clear(frame);
        }
    }
}
