using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>
/// What a copy may touch: part of a page here, or, when <see cref="Through"/> is set, another domain's grant to this one.
/// </summary>
public readonly record struct CopyArea(ulong Frame, ushort Start, ushort Length, bool Through, ushort SourceDomid, uint SourceRef);

/// <summary>GNTTABOP_copy, one operation's end in this table.</summary>
public sealed partial class GrantTable
{
    /// <summary>Version 2 operations under way: while there are any, the table stays version 2.</summary>
    private int Version2Operations { get; set; }

    /// <summary>Copies out of a granted page; nothing is copied unless the answer is okay.</summary>
    public GnttabStatus CopyFrom(uint reference, ushort by, int offset, Span<byte> to)
    {
        if (to.IsEmpty)
        {
            return GnttabStatus.Okay;
        }

        var status = Acquire(reference, by, readOnly: true, allowTransitive: false, out var area);
        if (status != GnttabStatus.Okay)
        {
            return status;
        }

        status = Check(in area, offset, to.Length);
        if (status == GnttabStatus.Okay)
        {
            Memory.Find(area.Frame).AsSpan(offset, to.Length).CopyTo(to);
        }

        Release(reference, readOnly: true);
        return status;
    }

    /// <summary>Copies into a granted page.</summary>
    public GnttabStatus CopyTo(uint reference, ushort by, int offset, ReadOnlySpan<byte> from)
    {
        if (from.IsEmpty)
        {
            return GnttabStatus.Okay;
        }

        var status = Acquire(reference, by, readOnly: false, allowTransitive: false, out var area);
        if (status != GnttabStatus.Okay)
        {
            return status;
        }

        status = Check(in area, offset, from.Length);
        if (status == GnttabStatus.Okay)
        {
            from.CopyTo(Memory.Find(area.Frame).AsSpan(offset));
        }

        Release(reference, readOnly: false);
        return status;
    }

    /// <summary>Where a copy's bytes must lie: in the page, and in the part of it that is granted.</summary>
    public static GnttabStatus Check(in CopyArea area, int offset, int length)
    {
        if (offset + length > Gfn.PageSize)
        {
            return GnttabStatus.BadCopyArg;
        }

        return offset < area.Start || offset + length > area.Start + area.Length ? GnttabStatus.GeneralError : GnttabStatus.Okay;
    }

    /// <summary>
    /// acquire_grant_for_copy: pins the entry until <see cref="Release"/>. Behind a transitive one the caller then asks
    /// <see cref="CopyArea.SourceDomid"/>, as this domain.
    /// </summary>
    public GnttabStatus Acquire(uint reference, ushort by, bool readOnly, bool allowTransitive, out CopyArea area)
    {
        area = default;
        if (reference >= EntryCount)
        {
            return GnttabStatus.BadGntref;
        }

        var increment = readOnly ? GrantPin.HostRead : GrantPin.HostWrite;
        ref var active = ref Active[reference];
        if (active.Pin != 0 && (active.Domid != by || (active.Pin & GrantPin.Overflow(increment)) != 0))
        {
            return GnttabStatus.GeneralError;
        }

        if (Dying)
        {
            return active.Pin == 0 ? GnttabStatus.GeneralError : GnttabStatus.BadDomain;
        }

        var transitive = Version == 2 && GrantTypes.TypeOf(FlagsOf(reference)) == GrantFlags.Transitive;
        if (transitive || active.Pin == 0 || (!readOnly && (active.Pin & GrantPin.WritersMask) == 0))
        {
            var status = transitive && active.Pin != 0 && (readOnly || (active.Pin & GrantPin.WritersMask) != 0)
                ? GnttabStatus.Okay
                : TakeStatus(reference, in active, by, readOnly, mapping: false);
            if (status == GnttabStatus.Okay)
            {
                status = transitive
                    ? Through(reference, by, allowTransitive, ref active)
                    : Latch(reference, by, ref active);
                if (status != GnttabStatus.Okay)
                {
                    ReduceStatus(reference, active.Pin, readOnly);
                }
            }

            if (status != GnttabStatus.Okay)
            {
                return status;
            }
        }

        active.Pin += increment;
        area = new CopyArea(active.Frame, active.Start, active.Length, active.Transitive, active.SourceDomid, active.SourceRef);
        return GnttabStatus.Okay;
    }

    /// <summary>release_grant_for_copy.</summary>
    public void Release(uint reference, bool readOnly)
    {
        ref var active = ref Active[reference];
        active.Pin -= readOnly ? GrantPin.HostRead : GrantPin.HostWrite;
        if (active.Pin == 0 && active.SubPage)
        {
            Version2Operations--;
        }

        ReduceStatus(reference, active.Pin, readOnly);
    }

    private GnttabStatus Through(uint reference, ushort by, bool allowTransitive, ref ActiveGrant active)
    {
        var entry = Entry(reference);
        var domid = BinaryPrimitives.ReadUInt16LittleEndian(entry[GrantEntryV2.TransitiveTransDomidOffset..]);
        var source = BinaryPrimitives.ReadUInt32LittleEndian(entry[GrantEntryV2.TransitiveGrefOffset..]);
        if (!allowTransitive || domid == Owner)
        {
            return GnttabStatus.GeneralError;
        }

        if (active.Pin == 0)
        {
            // Whatever the far entry is, this one counts as a part of a page: that keeps it from being mapped.
            active = new ActiveGrant { Domid = by, SubPage = true, Transitive = true, Length = Gfn.PageSize, SourceDomid = domid, SourceRef = source };
            Version2Operations++;
            return GnttabStatus.Okay;
        }

        return active.SubPage && active.SourceDomid == domid && active.SourceRef == source ? GnttabStatus.Okay : GnttabStatus.GeneralError;
    }

    private GnttabStatus Latch(uint reference, ushort by, ref ActiveGrant active)
    {
        var part = Version == 2 && (FlagsOf(reference) & GrantFlags.SubPage) != 0;
        var frame = FrameOf(reference);
        if (Memory.Find(frame) is null)
        {
            return GnttabStatus.BadPage;
        }

        var entry = Entry(reference);
        var start = part ? BinaryPrimitives.ReadUInt16LittleEndian(entry[GrantEntryV2.SubPagePageOffOffset..]) : (ushort)0;
        var length = part ? BinaryPrimitives.ReadUInt16LittleEndian(entry[GrantEntryV2.SubPageLengthOffset..]) : (ushort)Gfn.PageSize;
        if (active.Pin == 0)
        {
            active = new ActiveGrant { Domid = by, Frame = frame, Start = start, Length = length, SubPage = part };
            Version2Operations += part ? 1 : 0;
            return GnttabStatus.Okay;
        }

        // Pinned for reading, wanted for writing: it must still be the same.
        var same = active.Frame == frame && (!active.SubPage || (part && active.Start == start && active.Length == length));
        return same ? GnttabStatus.Okay : GnttabStatus.GeneralError;
    }
}
