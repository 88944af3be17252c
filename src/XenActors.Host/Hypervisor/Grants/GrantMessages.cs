using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>From the domain's builder: how large the table may grow, how many foreign pages the domain may map, and the newest version.</summary>
[Codec]
public readonly partial record struct SetupGrants(bool Hvm, int FramesMax, int MaptrackFramesMax, int VersionMax);

/// <summary>From the domain's builder: entries 0 and 1 give dom0 the console's and the store's page.</summary>
[Codec]
public readonly partial record struct SetupReservedGrants(ulong ConsoleGfn, ulong StoreGfn);

/// <summary>
/// A guest's driver grants pages of its own, with these contents (whole pages). <see cref="Shared"/>: the two ends keep replicas of
/// the page and want to know each other.
/// </summary>
[Codec]
public readonly partial record struct GrantPages(ushort To, byte[] Pages, bool ReadOnly, bool Shared, long Cookie)
{
    public override string ToString() => $"GrantPages to {To}, {Pages.Length / Gfn.PageSize} pages, readonly={ReadOnly}, shared={Shared} #{Cookie}";
}

[Codec]
public sealed partial record PagesGranted(long Cookie, List<uint> Refs);

/// <summary>gnttab_alloc_grant_references: a driver keeps so many references for its buffers.</summary>
[Codec]
public readonly partial record struct HoldReferences(int Count, long Cookie);

[Codec]
public readonly partial record struct ReferencesHeld(long Cookie, bool Ok);

/// <summary>gnttab_free_grant_references: all that the sender holds.</summary>
[Codec]
public readonly partial record struct FreeReferences;

/// <summary>
/// The granting driver takes its pages back; an entry in use stays. <see cref="Defer"/>: the kernel is to end it when it is free
/// (gnttab_end_foreign_access), instead of the driver (gnttab_try_end_foreign_access).
/// </summary>
[Codec]
public sealed partial record EndAccess(List<uint> Refs, long Cookie, bool Defer = false);

/// <summary>
/// As <see cref="EndAccess"/>, by a driver with a mistake: the entries are cleared and the pages used again whoever has them mapped. Answered likewise.
/// </summary>
[Codec]
public sealed partial record ForceEndAccess(List<uint> Refs, long Cookie);

/// <summary>The pages' contents now; <see cref="StillMapped"/> says how many entries could not be ended.</summary>
[Codec]
public sealed partial record AccessEnded(long Cookie, int StillMapped, byte[] Pages)
{
    public override string ToString() => $"AccessEnded #{Cookie}, {StillMapped} still mapped";
}

/// <summary>GNTTABOP_map_grant_ref, a batch, at the granting domain's table. Who maps is where the message comes from.</summary>
[Codec]
public sealed partial record MapGrants(List<uint> Refs, bool ReadOnly, long Cookie);

/// <summary>
/// An injection point: what other domains map here fails with this status, so many operations long; <see cref="GnttabStatus.Okay"/> ends it.
/// As when the mapper has no handle left, or the page is being shared or paged out: with <see cref="GnttabStatus.Eagain"/> copies fail as maps do.
/// </summary>
[Codec]
public readonly partial record struct ForceMapStatus(GnttabStatus Status, long Operations);

/// <summary>Per operation its status; handles and contents of those that succeeded stand in the same places.</summary>
[Codec]
public sealed partial record MapGrantsResult(long Cookie, List<GnttabStatus> Statuses, List<uint> Handles, byte[] Pages, ActorRef Owner)
{
    public override string ToString() => $"MapGrantsResult #{Cookie} [{string.Join(' ', Statuses)}]";
}

/// <summary>GNTTABOP_unmap_grant_ref, a batch. What was written through the mappings arrives with it.</summary>
[Codec]
public sealed partial record UnmapGrants(List<uint> Handles, byte[]? Written, long Cookie)
{
    public override string ToString() => $"UnmapGrants [{string.Join(' ', Handles)}] #{Cookie}";
}

[Codec]
public sealed partial record UnmapGrantsResult(long Cookie, List<GnttabStatus> Statuses);

/// <summary>To the owner of a shared page: somebody has mapped it, and will publish to it.</summary>
[Codec]
public readonly partial record struct SharedPageMapped(uint Ref, ActorRef By);

/// <summary>From a granting domain's table to a mapper's: so many frames of handles are wanted for its grants.</summary>
[Codec]
public readonly partial record struct LeaseMaptrack(int Frames);

/// <summary>The mapper's frames from this one on, and how many; fewer than were asked for when it has no more.</summary>
[Codec]
public readonly partial record struct MaptrackLeased(uint First, int Frames);

/// <summary>From a granting domain's table to a mapper's: the domain is gone, and these frames of handles are free again.</summary>
[Codec]
public sealed partial record ReturnMaptrack(List<uint> Frames);

/// <summary>From the domain, which is being destroyed: nothing new is lent. <see cref="GrantsReleased"/> follows when nobody has a page any more.</summary>
[Codec]
public readonly partial record struct DestroyGrants;

/// <summary>To the domain: no page of its is mapped by anybody, and its table is gone.</summary>
[Codec]
public readonly partial record struct GrantsReleased;

/// <summary>To oneself: once a second, while there are deferred references.</summary>
[Codec]
public readonly partial record struct DeferredDue;

/// <summary>Where in a granted page a copy takes place.</summary>
[Codec]
public readonly partial record struct GrantExtent(uint Ref, ushort Offset, ushort Length);

/// <summary>GNTTABOP_copy out of granted pages, a batch, at the granting domain's table. Who copies is where the message comes from.</summary>
[Codec]
public sealed partial record CopyFromGrants(List<GrantExtent> Extents, long Cookie);

/// <summary>GNTTABOP_copy into granted pages, a batch; the extents' bytes one after the other.</summary>
[Codec]
public sealed partial record CopyToGrants(List<GrantExtent> Extents, byte[] Data, long Cookie)
{
    public override string ToString() => $"CopyToGrants {Extents.Count} extents, {Data.Length} bytes #{Cookie}";
}

/// <summary>Per operation its status. <see cref="Data"/> are the extents' bytes one after the other (zeroes where an operation failed); empty after copying in.</summary>
[Codec]
public sealed partial record CopyGrantsResult(long Cookie, List<GnttabStatus> Statuses, byte[] Data)
{
    public override string ToString() => $"CopyGrantsResult #{Cookie} [{string.Join(' ', Statuses)}]";
}

/// <summary>GNTTABOP_transfer, one page, at the receiving domain's table. The page is gone from the sender whatever the answer is.</summary>
[Codec]
public sealed partial record TransferPage(uint Ref, byte[] Page, long Cookie)
{
    public override string ToString() => $"TransferPage to {Ref} #{Cookie}";
}

[Codec]
public readonly partial record struct TransferPageResult(long Cookie, GnttabStatus Status);

/// <summary>
/// HYPERVISOR_grant_table_op at the caller's own table: the operation's number, how many structures, and their bytes. Mappings may be of several
/// domains' grants; copies and transfers have messages of their own.
/// </summary>
/// <param name="Written">Unmapping: the pages as the mapper leaves them, one a structure; null when it has written nothing.</param>
[Codec]
public sealed partial record GrantTableOp(uint Operation, uint Count, byte[] Argument, long Cookie, byte[]? Written = null);

/// <summary>0 or a negative errno, the structures as the guest reads them afterwards, and the frame numbers of a list that was asked for.</summary>
/// <param name="Pages">Mapping: what the mapped pages hold, one a structure, zeroes where nothing was mapped.</param>
[Codec]
public sealed partial record GrantTableOpResult(uint Operation, long Result, byte[] Argument, List<ulong> Frames, long Cookie, byte[]? Pages = null);

/// <summary>From a mapper's table to a granting domain's: those structures of a hypercall that are about its grants, in their order.</summary>
/// <param name="Hvm">What the mapper is.</param>
/// <param name="Asker">Who made the call.</param>
[Codec]
public sealed partial record ForeignGrantOp(GnttabOp Operation, byte[] Structures, byte[]? Written, bool Hvm, ActorRef Asker, long Batch);

/// <summary>The structures as the guest is to read them, and the pages that were mapped.</summary>
[Codec]
public sealed partial record ForeignGrantOpResult(long Batch, byte[] Structures, byte[] Pages);

/// <summary>
/// gnttab_grant_foreign_access_ref, a batch, with references that the sender holds: so many pages in a row, all zeroes but for these bytes.
/// </summary>
/// <param name="Offset">Where in the first page the bytes begin.</param>
[Codec]
public sealed partial record GrantHeldPages(ushort To, int Count, bool ReadOnly, ushort Offset, ReadOnlyMemory<byte> Bytes, long Cookie)
{
    public override string ToString() => $"GrantHeldPages to {To}, {Count} pages with {Bytes.Length} bytes, readonly={ReadOnly} #{Cookie}";
}

/// <summary>No reference when the sender does not hold enough of them.</summary>
[Codec]
public sealed partial record HeldPagesGranted(long Cookie, List<uint> Refs);

/// <summary>
/// gnttab_try_end_foreign_access_ref, a batch: the references are held again, and the driver reads a part of each page. An entry in use stays.
/// </summary>
[Codec]
public sealed partial record EndHeldAccess(List<GrantExtent> Extents, long Cookie)
{
    public override string ToString() => $"EndHeldAccess of {Extents.Count} pages #{Cookie}";
}

/// <summary>The parts' bytes one after the other; <see cref="StillMapped"/> says how many entries could not be ended.</summary>
[Codec]
public sealed partial record HeldAccessEnded(long Cookie, int StillMapped, byte[] Data)
{
    public override string ToString() => $"HeldAccessEnded #{Cookie}, {Data.Length} bytes, {StillMapped} still mapped";
}
