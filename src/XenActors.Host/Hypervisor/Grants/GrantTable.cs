using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

[Codec]
public sealed partial class GrantEntry
{
    public ushort To { get; set; }

    public bool ReadOnly { get; set; }

    public bool Shared { get; set; }

    public ActorRef Owner { get; set; }

    public byte[] Page { get; set; } = [];

    /// <summary>Live mappings; while there are any the entry cannot be ended.</summary>
    public int Pins { get; set; }
}

[Codec]
public readonly partial record struct Mapping(uint Ref, ushort By, bool ReadOnly);

/// <summary>
/// A domain's grant table, version 1: what it lets others map, and who has mapped it. The guest's allocator gives out the lowest free
/// reference after the reserved ones. Source: <c>public/grant_table.h</c>.
/// </summary>
[Codec]
public sealed partial class GrantTable
{
    /// <summary>GNTTAB_NR_RESERVED_ENTRIES.</summary>
    public const uint Reserved = 8;

    /// <summary>gnttab_max_frames' default of 64 frames of 512 entries.</summary>
    public const uint EntriesMax = 64 * 512;

    public SortedDictionary<uint, GrantEntry> Entries { get; set; } = [];

    public SortedDictionary<uint, Mapping> Mappings { get; set; } = [];

    private uint NextRef { get; set; } = Reserved;

    private List<uint> FreeRefs { get; set; } = [];

    private uint NextHandle { get; set; } = 1;

    public void Reserve(uint reference, ushort to) => Entries[reference] = new GrantEntry { To = to, Page = new byte[Gfn.PageSize] };

    /// <summary>False when the table is full.</summary>
    public bool Grant(ushort to, byte[] page, bool readOnly, bool shared, ActorRef owner, out uint reference)
    {
        reference = 0;
        if (FreeRefs.Count > 0)
        {
            reference = FreeRefs[^1];
            FreeRefs.RemoveAt(FreeRefs.Count - 1);
        }
        else if (NextRef < EntriesMax)
        {
            reference = NextRef++;
        }
        else
        {
            return false;
        }

        Entries.Add(reference, new GrantEntry { To = to, Page = page, ReadOnly = readOnly, Shared = shared, Owner = owner });
        return true;
    }

    /// <summary>Null when the entry is mapped still, or is none.</summary>
    public byte[]? End(uint reference)
    {
        if (!Entries.TryGetValue(reference, out var entry) || entry.Pins > 0)
        {
            return null;
        }

        Entries.Remove(reference);
        FreeRefs.Add(reference);
        return entry.Page;
    }

    public GnttabStatus Map(uint reference, ushort by, bool readOnly, out uint handle)
    {
        handle = 0;
        if (reference >= EntriesMax)
        {
            return GnttabStatus.BadGntref;
        }

        if (!Entries.TryGetValue(reference, out var entry) || entry.To != by || (entry.ReadOnly && !readOnly))
        {
            return GnttabStatus.GeneralError;
        }

        handle = NextHandle++;
        Mappings.Add(handle, new Mapping(reference, by, readOnly));
        entry.Pins++;
        return GnttabStatus.Okay;
    }

    public GnttabStatus Unmap(uint handle, ushort by, ReadOnlySpan<byte> written)
    {
        if (!Mappings.TryGetValue(handle, out var mapping) || mapping.By != by)
        {
            return GnttabStatus.BadHandle;
        }

        Mappings.Remove(handle);
        var entry = Entries[mapping.Ref];
        entry.Pins--;
        if (!mapping.ReadOnly && !written.IsEmpty)
        {
            written.CopyTo(entry.Page);
        }

        return GnttabStatus.Okay;
    }
}
