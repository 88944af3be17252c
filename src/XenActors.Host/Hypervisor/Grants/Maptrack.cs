using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>One mapping, found by its handle. Source: <c>xen/common/grant_table.c</c>, struct grant_mapping.</summary>
[Codec]
public partial struct GrantMapping
{
    public uint Ref { get; set; }

    /// <summary>None: the handle is free.</summary>
    public GnttabMapFlags Flags { get; set; }

    /// <summary>Where the mapper has the page; a driver that gave no address gets one of the handle's own.</summary>
    public ulong HostAddr { get; set; }
}

/// <summary>A live mapping, as tools and tests see it.</summary>
[Codec]
public readonly partial record struct Mapping(uint Handle, uint Ref, ushort By, bool ReadOnly);

/// <summary>
/// One domain's handles for another's grants. The handles are the mapper's: it has so many frames of 256, and gives them to the granting
/// domains' tables frame by frame, so a handle means the same mapping everywhere. Freed handles are used again in their order.
/// </summary>
[Codec]
public sealed partial class Maptrack
{
    /// <summary>MAPTRACK_PER_PAGE: 16 bytes each.</summary>
    public const int HandlesPerFrame = 256;

    /// <summary>gnttab_max_maptrack_frames.</summary>
    public const int FramesMaxDefault = 1024;

    // Addresses in the mapper's kernel, where vmalloc's begin on x86-64.
    private const ulong HostArea = 0xFFFF_C900_0000_0000;

    private List<GrantMapping[]> Frames { get; set; } = [];

    /// <summary>Number of a frame here, plus one, by the mapper's number of it.</summary>
    private int[] Slots { get; set; } = [];

    /// <summary>The mapper's numbers of these frames.</summary>
    public List<uint> FrameNumbers { get; private set; } = [];

    // A ring of free handles: first freed, first used.
    private uint[] FreeRing { get; set; } = [];

    private int FreeFirst { get; set; }

    public int Free { get; private set; }

    public int Live { get; private set; }

    /// <summary>The mapper has no frames left to give.</summary>
    public bool Exhausted { get; set; }

    /// <summary>Frames that were asked for and have not come yet.</summary>
    public int Asked { get; set; }

    public void AddFrame(uint number)
    {
        if (number >= (uint)Slots.Length)
        {
            var slots = Slots;
            Array.Resize(ref slots, (int)number + 1);
            Slots = slots;
        }

        Frames.Add(new GrantMapping[HandlesPerFrame]);
        FrameNumbers.Add(number);
        Slots[number] = Frames.Count;
        GrowRing();
        for (var i = 0u; i < HandlesPerFrame; i++)
        {
            // Xen keeps one handle as its list's tail; here it is the first of all, so that 0 is never a mapping.
            if (number != 0 || i != 0)
            {
                PutFree((number * HandlesPerFrame) + i);
            }
        }
    }

    /// <summary>False when there is no free handle.</summary>
    public bool Take(uint reference, GnttabMapFlags flags, ulong hostAddr, out uint handle)
    {
        handle = 0;
        if (Free == 0)
        {
            return false;
        }

        handle = FreeRing[FreeFirst];
        FreeFirst = (FreeFirst + 1) % FreeRing.Length;
        Free--;
        Live++;
        ref var entry = ref Entry(handle);
        (entry.Ref, entry.Flags) = (reference, flags);
        entry.HostAddr = hostAddr != 0 ? hostAddr : HostArea + ((ulong)handle << Gfn.PageShift);
        return true;
    }

    /// <summary>The mapping, or false when this handle is none of the mapper's for this table, or free.</summary>
    public bool TryGet(uint handle, out GrantMapping mapping)
    {
        var frame = handle / HandlesPerFrame;
        mapping = frame < (uint)Slots.Length && Slots[frame] != 0 ? Entry(handle) : default;
        return mapping.Flags != GnttabMapFlags.None;
    }

    /// <summary>What is left of a mapping after a part of it was unmapped; with nothing left the handle is free.</summary>
    public void Set(uint handle, in GrantMapping mapping)
    {
        Entry(handle) = mapping;
        if (mapping.Flags == GnttabMapFlags.None)
        {
            Live--;
            PutFree(handle);
        }
    }

    /// <summary>Live mappings by handle.</summary>
    public IEnumerable<(uint Handle, GrantMapping Mapping)> All()
    {
        for (var slot = 0; slot < Frames.Count; slot++)
        {
            for (var i = 0; i < HandlesPerFrame; i++)
            {
                if (Frames[slot][i].Flags != GnttabMapFlags.None)
                {
                    yield return ((FrameNumbers[slot] * HandlesPerFrame) + (uint)i, Frames[slot][i]);
                }
            }
        }
    }

    private ref GrantMapping Entry(uint handle) => ref Frames[Slots[handle / HandlesPerFrame] - 1][handle % HandlesPerFrame];

    private void PutFree(uint handle)
    {
        FreeRing[(FreeFirst + Free) % FreeRing.Length] = handle;
        Free++;
    }

    private void GrowRing()
    {
        var ring = new uint[Frames.Count * HandlesPerFrame];
        for (var i = 0; i < Free; i++)
        {
            ring[i] = FreeRing[(FreeFirst + i) % FreeRing.Length];
        }

        (FreeRing, FreeFirst) = (ring, 0);
    }
}
