using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>A reference as the guest's kernel keeps it.</summary>
[Codec]
public partial struct GuestGrant
{
    public bool InUse { get; set; }

    /// <summary>The two ends keep replicas of the page: a ring.</summary>
    public bool Shared { get; set; }

    /// <summary>The driver whose page it is.</summary>
    public ActorRef Owner { get; set; }

    public ulong Frame { get; set; }
}

/// <summary>An entry as tools and tests see it.</summary>
public readonly record struct GrantView(ushort To, bool ReadOnly, byte[] Page, int Pins, ActorRef Owner);

/// <summary>
/// The guest kernel's end of its table: which references are free, and what it writes into entries. Source: Linux,
/// <c>drivers/xen/grant-table.c</c>.
/// </summary>
public sealed partial class GrantTable
{
    /// <summary>Whose table it is; no grant may pass through a domain to itself.</summary>
    public ushort Owner { get; set; }

    private GuestGrant[] Guest { get; set; } = [];

    // The last one that was freed is the next one given out.
    private List<uint> FreeRefs { get; set; } = [];

    private uint NextRef { get; set; } = Reserved;

    /// <summary>
    /// References whose access is to end as soon as nobody uses them any more (gnttab_add_deferred), in the order in which they were given up.
    /// </summary>
    public List<uint> Deferred { get; private set; } = [];

    /// <summary>Granted entries by reference; a snapshot for tools and tests.</summary>
    public SortedDictionary<uint, GrantView> Entries
    {
        get
        {
            var entries = new SortedDictionary<uint, GrantView>();
            for (var reference = 0u; reference < (uint)Guest.Length; reference++)
            {
                if (Guest[reference].InUse)
                {
                    entries.Add(reference, View(reference));
                }
            }

            return entries;
        }
    }

    public GuestGrant GuestOf(uint reference) => reference < (uint)Guest.Length ? Guest[reference] : default;

    /// <summary>A granted page's bytes, whoever may use them now.</summary>
    public byte[]? PageOf(uint reference) => GuestOf(reference) is { InUse: true } grant ? Memory.Find(grant.Frame) : null;

    /// <summary>The page that a pinned entry stands for.</summary>
    public byte[]? PinnedPage(uint reference) => Memory.Find(Active[reference].Frame);

    /// <summary>An entry that the tools have filled before the guest ran.</summary>
    public void Reserve(uint reference, ushort to, ulong frame)
    {
        Memory.Put(frame, new byte[Gfn.PageSize]);
        Use(reference, new GuestGrant { InUse = true, Frame = frame });
        Write(reference, to, frame, readOnly: false);
    }

    /// <summary>gnttab_grant_foreign_access; false when the table is full and may not grow.</summary>
    public bool Grant(ushort to, byte[] page, bool readOnly, bool shared, ActorRef owner, out uint reference)
    {
        if (!TakeRef(out reference))
        {
            return false;
        }

        var frame = Memory.Add(page);
        Use(reference, new GuestGrant { InUse = true, Shared = shared, Owner = owner, Frame = frame });
        Write(reference, to, frame, readOnly);
        return true;
    }

    /// <summary>gnttab_grant_foreign_access_ref: the same with a reference that a driver has held.</summary>
    public void GrantWith(uint reference, ushort to, byte[] page, bool readOnly, ActorRef owner)
    {
        var frame = Memory.Add(page);
        Use(reference, new GuestGrant { InUse = true, Owner = owner, Frame = frame });
        Write(reference, to, frame, readOnly);
    }

    /// <summary>gnttab_try_end_foreign_access_ref: false while the entry is in use, or when it is not this driver's.</summary>
    public bool EndWith(uint reference, ActorRef owner, out byte[] page)
    {
        page = [];
        if (GuestOf(reference).Owner != owner || End(reference, keep: true) is not { } ended)
        {
            return false;
        }

        page = ended;
        return true;
    }

    /// <summary>gnttab_alloc_grant_references: so many references, kept for a driver that will use them; all or none.</summary>
    public bool Hold(int count, List<uint> held)
    {
        var before = held.Count;
        for (var i = 0; i < count; i++)
        {
            if (!TakeRef(out var reference))
            {
                Free(held, before);
                return false;
            }

            held.Add(reference);
        }

        return true;
    }

    /// <summary>gnttab_free_grant_references, of all from this place on; the first of them is the next one given out.</summary>
    public void Free(List<uint> held, int from = 0)
    {
        for (var i = held.Count - 1; i >= from; i--)
        {
            FreeRefs.Add(held[i]);
        }

        held.RemoveRange(from, held.Count - from);
    }

    /// <summary>gnttab_try_end_foreign_access: the page, or null while Xen says that the entry is in use, or it is none.</summary>
    /// <param name="keep">The reference stays with the driver that holds it.</param>
    /// <param name="force">The entry is cleared though it is in use: a driver's mistake.</param>
    public byte[]? End(uint reference, bool keep = false, bool force = false)
    {
        if (!GuestOf(reference).InUse)
        {
            return null;
        }

        if (Version == 1)
        {
            // A compare-and-exchange: with reading or writing set the flags cannot become 0, and the entry stays what it is.
            if (!force && (FlagsOf(reference) & (GrantFlags.Reading | GrantFlags.Writing)) != 0)
            {
                return null;
            }

            SetFlags(reference, GrantFlags.Invalid);
        }
        else
        {
            // No new user from here on; those that are there keep it.
            SetFlags(reference, GrantFlags.Invalid);
            if (!force && Status(reference) != 0)
            {
                return null;
            }
        }

        var page = Memory.Remove(Guest[reference].Frame);
        Guest[reference] = default;
        if (reference >= Reserved && !keep)
        {
            FreeRefs.Add(reference);
        }

        return page;
    }

    /// <summary>gnttab_end_foreign_access: as above, and an entry in use is ended later.</summary>
    public void Defer(uint reference)
    {
        if (GuestOf(reference).InUse && !Deferred.Contains(reference))
        {
            Deferred.Add(reference);
        }
    }

    /// <summary>gnttab_handle_deferred: looks at the first ten; those that are still in use go to the list's end. Returns those that have ended.</summary>
    public List<uint> HandleDeferred()
    {
        var ended = new List<uint>();
        for (var i = Math.Min(10, Deferred.Count); i > 0; i--)
        {
            var reference = Deferred[0];
            Deferred.RemoveAt(0);
            if (End(reference) is not null)
            {
                ended.Add(reference);
            }
            else if (GuestOf(reference).InUse)
            {
                Deferred.Add(reference);
            }
        }

        return ended;
    }

    private GrantView View(uint reference) => new(
        DomidOf(reference),
        (FlagsOf(reference) & GrantFlags.Readonly) != 0,
        Memory.Find(Guest[reference].Frame) ?? [],
        GrantPin.Users(ActiveOf(reference).Pin),
        Guest[reference].Owner);

    private bool TakeRef(out uint reference)
    {
        if (FreeRefs.Count > 0)
        {
            reference = FreeRefs[^1];
            FreeRefs.RemoveAt(FreeRefs.Count - 1);
            return true;
        }

        // gnttab_expand: one more frame, when the hypervisor allows it.
        reference = NextRef;
        if (reference >= EntryCount && SetupTable((uint)Frames.Count + 1) != GnttabStatus.Okay)
        {
            return false;
        }

        NextRef++;
        return true;
    }

    private void Use(uint reference, in GuestGrant grant)
    {
        if (reference >= (uint)Guest.Length)
        {
            var guest = Guest;
            Array.Resize(ref guest, Math.Max((int)reference + 1, Guest.Length * 2));
            Guest = guest;
        }

        Guest[reference] = grant;
    }

    // Frame and domain first, the flags last: from then on the entry counts.
    private void Write(uint reference, ushort to, ulong frame, bool readOnly)
    {
        SetFrame(reference, frame);
        BinaryPrimitives.WriteUInt16LittleEndian(Entry(reference)[GrantEntryV1.DomidOffset..], to);
        SetFlags(reference, GrantFlags.PermitAccess | (readOnly ? GrantFlags.Readonly : 0));
    }
}
