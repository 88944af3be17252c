using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>
/// A domain's grant table: frames of entries that the guest writes and Xen reads, and Xen's own record of what is in use. Here: layout and
/// limits; <c>.Map</c>, <c>.Copy</c> and <c>.Operations</c> are Xen's part, <c>.Guest</c> is the guest kernel's. Sources:
/// <c>public/grant_table.h</c>, <c>xen/common/grant_table.c</c>.
/// </summary>
[Codec]
public sealed partial class GrantTable
{
    /// <summary>GNTTAB_NR_RESERVED_ENTRIES.</summary>
    public const uint Reserved = GrantRef.ReservedCount;

    /// <summary>gnttab_max_frames.</summary>
    public const int FramesMaxDefault = 64;

    /// <summary>gnttab_max_ver.</summary>
    public const int VersionMaxDefault = 2;

    public const int StatusPerFrame = Gfn.PageSize / sizeof(ushort);

    /// <summary>The first entries' worth: version 1, all frames of the default.</summary>
    public const uint EntriesMax = FramesMaxDefault * (Gfn.PageSize / GrantEntryV1.SizeOf);

    public int FramesMax { get; set; } = FramesMaxDefault;

    public int VersionMax { get; set; } = VersionMaxDefault;

    public int Version { get; private set; } = 1;

    /// <summary>The domain is being destroyed: nothing new is lent.</summary>
    public bool Dying { get; set; }

    /// <summary>The shared frames.</summary>
    public List<byte[]> Frames { get; private set; } = [new byte[Gfn.PageSize]];

    /// <summary>Version 2: the status words that only Xen writes.</summary>
    public List<byte[]> StatusFrames { get; private set; } = [];

    private ActiveGrant[] Active { get; set; } = new ActiveGrant[Gfn.PageSize / GrantEntryV1.SizeOf];

    /// <summary>The guest's memory, as far as grants name it.</summary>
    public GuestFrames Memory { get; private set; } = new();

    public int EntrySize => Version == 1 ? GrantEntryV1.SizeOf : GrantEntryV2.SizeOf;

    private uint EntriesPerFrame => (uint)(Gfn.PageSize / EntrySize);

    /// <summary>nr_grant_entries.</summary>
    public uint EntryCount => (uint)Frames.Count * EntriesPerFrame;

    /// <summary>The guest's bytes of an entry.</summary>
    public Span<byte> Entry(uint reference) =>
        Frames[(int)(reference / EntriesPerFrame)].AsSpan((int)(reference % EntriesPerFrame) * EntrySize, EntrySize);

    /// <summary>A copy of Xen's record.</summary>
    public ActiveGrant ActiveOf(uint reference) => reference < (uint)Active.Length ? Active[reference] : default;

    /// <summary>reading and writing: in the entry's flags, or in version 2's status word.</summary>
    public GrantFlags Status(uint reference) => (Version == 1 ? FlagsOf(reference) : (GrantFlags)ReadStatus(reference))
        & (GrantFlags.Reading | GrantFlags.Writing);

    internal GrantFlags FlagsOf(uint reference) => (GrantFlags)BinaryPrimitives.ReadUInt16LittleEndian(Entry(reference));

    internal ushort DomidOf(uint reference) => BinaryPrimitives.ReadUInt16LittleEndian(Entry(reference)[GrantEntryV1.DomidOffset..]);

    internal ulong FrameOf(uint reference) => Version == 1
        ? BinaryPrimitives.ReadUInt32LittleEndian(Entry(reference)[GrantEntryV1.FrameOffset..])
        : BinaryPrimitives.ReadUInt64LittleEndian(Entry(reference)[GrantEntryV2.FullPageFrameOffset..]);

    internal void SetFlags(uint reference, GrantFlags flags) => BinaryPrimitives.WriteUInt16LittleEndian(Entry(reference), (ushort)flags);

    private void SetStatus(uint reference, GrantFlags bits)
    {
        if (Version == 1)
        {
            SetFlags(reference, FlagsOf(reference) | bits);
        }
        else
        {
            WriteStatus(reference, (ushort)(ReadStatus(reference) | (ushort)bits));
        }
    }

    private void ClearStatus(uint reference, GrantFlags bits)
    {
        if (Version == 1)
        {
            SetFlags(reference, FlagsOf(reference) & ~bits);
        }
        else
        {
            WriteStatus(reference, (ushort)(ReadStatus(reference) & ~(ushort)bits));
        }
    }

    private ushort ReadStatus(uint reference) => BinaryPrimitives.ReadUInt16LittleEndian(StatusOf(reference));

    private void WriteStatus(uint reference, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(StatusOf(reference), value);

    private Span<byte> StatusOf(uint reference) =>
        StatusFrames[(int)(reference / StatusPerFrame)].AsSpan((int)(reference % StatusPerFrame) * sizeof(ushort), sizeof(ushort));

    // grant_to_status_frames
    private int StatusFramesFor(int frames) => ((frames * (Gfn.PageSize / GrantEntryV2.SizeOf)) + StatusPerFrame - 1) / StatusPerFrame;

    // gnttab_grow_table
    private void Grow(int frames)
    {
        while (Frames.Count < frames)
        {
            Frames.Add(new byte[Gfn.PageSize]);
        }

        while (Version == 2 && StatusFrames.Count < StatusFramesFor(Frames.Count))
        {
            StatusFrames.Add(new byte[Gfn.PageSize]);
        }

        if (Active.Length < EntryCount)
        {
            var active = Active;
            Array.Resize(ref active, (int)EntryCount);
            Active = active;
        }
    }
}
