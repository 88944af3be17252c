using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.Hypervisor;

/// <summary>Grants between domains: who asks is where the message comes from, and a mapper's handles are its own.</summary>
public sealed class GrantCallTests
{
    private const ushort Guest = DeviceBench.Guest;
    private readonly DeviceBench bench = new();
    private readonly Peer dom0;
    private readonly ActorRef table;

    public GrantCallTests()
    {
        dom0 = bench.NewPeer(0, "dom0-driver");
        table = bench.Places.GrantTable(Guest);
    }

    private List<uint> Grant(int pages, ushort to = 0, bool shared = false)
    {
        bench.Front.Tell(table, new GrantPages(to, new byte[pages * Gfn.PageSize], false, shared, 1));
        return bench.Front.Last<PagesGranted>().Refs;
    }

    private MapGrantsResult Map(Peer by, List<uint> refs)
    {
        by.Tell(table, new MapGrants(refs, false, 1));
        return by.Last<MapGrantsResult>();
    }

    private static GnttabStatus[] All(int count, GnttabStatus status) => [.. Enumerable.Repeat(status, count)];

    [Fact]
    public void Only_the_domain_that_the_entry_names_may_map_it_from_its_own_place()
    {
        var refs = Grant(2);
        Assert.Equal(All(2, GnttabStatus.GeneralError), Map(bench.NewPeer(Guest, "thief"), refs).Statuses);
        Assert.Equal(All(2, GnttabStatus.Okay), Map(dom0, refs).Statuses);
        Assert.All(bench.Grants(Guest).Mappings, m => Assert.Equal(0, m.By));
    }

    [Fact]
    public void Another_domain_cannot_unmap_what_it_has_not_mapped()
    {
        var handles = Map(dom0, Grant(1)).Handles;
        var thief = bench.NewPeer(Guest, "thief");
        thief.Tell(table, new UnmapGrants(handles, null, 1));
        Assert.Equal([GnttabStatus.BadHandle], thief.Last<UnmapGrantsResult>().Statuses);
        Assert.Single(bench.Grants(Guest).Mappings);
    }

    [Fact]
    public void One_hypercall_maps_and_unmaps_several_domains_grants()
    {
        var page = new byte[Gfn.PageSize];
        Array.Fill(page, (byte)7);
        var refs = Grant(2);
        var own = bench.NewPeer(0, "dom0-granter");
        own.Tell(bench.Places.GrantTable(0), new GrantPages(0, page, false, false, 1));
        var ownRef = own.Last<PagesGranted>().Refs[0];
        var mapped = Batch(
            GnttabOp.MapGrantRef, GnttabMapGrantRef.SizeOf, null,
            Ask(Guest, refs[0]), Ask(0, ownRef), Ask(77, 8), Ask(Guest, refs[1], GnttabMapFlags.HostMap | GnttabMapFlags.Readonly), Ask(Guest, refs[0], GnttabMapFlags.None), Ask(Guest, 600));
        var maps = Enumerable.Range(0, 6).Select(i => GnttabMapGrantRef.Read(mapped.Argument.AsSpan(i * GnttabMapGrantRef.SizeOf))).ToList();
        Assert.Equal(
            [GnttabStatus.Okay, GnttabStatus.Okay, GnttabStatus.BadDomain, GnttabStatus.Okay, GnttabStatus.BadGntref, GnttabStatus.BadGntref], maps.Select(m => m.Status));
        Assert.Equal(3, new[] { maps[0].Handle, maps[1].Handle, maps[3].Handle }.Distinct().Count());
        Assert.Equal(page, mapped.Pages!.AsSpan(Gfn.PageSize, Gfn.PageSize).ToArray());
        Assert.Equal((2, 1), (bench.Grants(Guest).Mappings.Count, bench.Grants(0).Mappings.Count));

        // A handle once more, and one of nobody's; what was written is the owner's, but not through the mapping for reading.
        var written = new byte[5 * Gfn.PageSize];
        Array.Fill(written, (byte)9);
        var unmapped = Batch(
            GnttabOp.UnmapGrantRef, GnttabUnmapGrantRef.SizeOf, written,
            Unmap(maps[3].Handle), Unmap(maps[1].Handle), Unmap(maps[0].Handle), Unmap(maps[0].Handle), Unmap(100_000));
        Assert.Equal(
            [GnttabStatus.Okay, GnttabStatus.Okay, GnttabStatus.Okay, GnttabStatus.BadHandle, GnttabStatus.BadHandle],
            Enumerable.Range(0, 5).Select(i => GnttabUnmapGrantRef.Read(unmapped.Argument.AsSpan(i * GnttabUnmapGrantRef.SizeOf)).Status));
        Assert.Empty(bench.Grants(Guest).Mappings);
        Assert.Empty(bench.Grants(0).Mappings);
        bench.Front.Tell(table, new EndAccess(refs, 1));
        var ended = bench.Front.Last<AccessEnded>();
        Assert.Equal((0, 9, 0), (ended.StillMapped, ended.Pages[0], ended.Pages[Gfn.PageSize]));
    }

    [Fact]
    public void A_hypercall_for_more_handles_than_are_lent_waits_for_them_and_a_short_one_is_a_fault()
    {
        var refs = Grant(300);
        var mapped = Batch(GnttabOp.MapGrantRef, GnttabMapGrantRef.SizeOf, null, [.. refs.Select(r => Ask(Guest, r))]);
        Assert.All(Enumerable.Range(0, 300), i => Assert.Equal(GnttabStatus.Okay, GnttabMapGrantRef.Read(mapped.Argument.AsSpan(i * GnttabMapGrantRef.SizeOf)).Status));
        Assert.Equal(300, bench.Grants(Guest).Mappings.Count);
        dom0.Tell(bench.Places.GrantTable(0), new GrantTableOp((uint)GnttabOp.MapGrantRef, 2, new byte[GnttabMapGrantRef.SizeOf], 1));
        Assert.Equal(-(long)XenErrno.EFAULT, dom0.Last<GrantTableOpResult>().Result);
        Assert.Equal(0, Batch(GnttabOp.UnmapGrantRef, GnttabUnmapGrantRef.SizeOf, null).Result);
    }

    private static byte[] Ask(ushort domain, uint reference, GnttabMapFlags flags = GnttabMapFlags.HostMap)
    {
        var bytes = new byte[GnttabMapGrantRef.SizeOf];
        new GnttabMapGrantRef(0x1000, flags, new GrantRef(reference), new DomId(domain), default, 0, 0).WriteTo(bytes);
        return bytes;
    }

    private static byte[] Unmap(uint handle)
    {
        var bytes = new byte[GnttabUnmapGrantRef.SizeOf];
        new GnttabUnmapGrantRef(0x1000, 0, handle, default).WriteTo(bytes);
        return bytes;
    }

    private GrantTableOpResult Batch(GnttabOp operation, int size, byte[]? written, params byte[][] structures)
    {
        Assert.All(structures, s => Assert.Equal(size, s.Length));
        dom0.Tell(bench.Places.GrantTable(0), new GrantTableOp((uint)operation, (uint)structures.Length, [.. structures.SelectMany(s => s)], 1, written));
        bench.Run(20);
        return dom0.Last<GrantTableOpResult>();
    }

    [Fact]
    public void A_batch_has_a_status_for_each_operation()
    {
        var refs = Grant(1);
        var result = Map(dom0, [refs[0], 300, 600, refs[0]]);
        Assert.Equal([GnttabStatus.Okay, GnttabStatus.GeneralError, GnttabStatus.BadGntref, GnttabStatus.Okay], result.Statuses);
        Assert.NotEqual(result.Handles[0], result.Handles[3]);
    }

    [Fact]
    public void A_mappers_frames_are_lent_until_none_is_left()
    {
        bench.Simulator.StateOf<GrantTableState>(bench.Places.GrantTable(0))!.MaptrackFramesMax = 2;
        var refs = Grant(600);
        var first = Map(dom0, refs[..400]);
        Assert.Equal(All(400, GnttabStatus.Okay), first.Statuses);
        Assert.Equal(2, bench.Simulator.StateOf<GrantTableState>(bench.Places.GrantTable(0))!.MaptrackFrames);
        var second = Map(dom0, refs[400..]);
        Assert.Equal(All(111, GnttabStatus.Okay), second.Statuses[..111]);
        Assert.Equal(All(89, GnttabStatus.NoSpace), second.Statuses[111..]);
        dom0.Tell(table, new UnmapGrants(first.Handles[..10], null, 1));
        Assert.Equal(All(10, GnttabStatus.Okay), Map(dom0, refs[590..]).Statuses);
        Assert.Equal(511, bench.Grants(Guest).Mappings.Count);
    }

    [Fact]
    public void Copies_go_through_a_transitive_grant_to_the_domain_behind_it()
    {
        // dom0 grants a page to the guest; the guest passes it on to another domain of its own process's table: dom0's driver again.
        var far = bench.Places.GrantTable(0);
        dom0.Tell(far, new GrantPages(Guest, new byte[Gfn.PageSize], false, false, 7));
        var source = dom0.Last<PagesGranted>().Refs[0];
        Assert.Equal(XenErrno.None, bench.Grants(Guest).SetVersion(2));
        var passed = Grant(1)[0];
        var entry = bench.Grants(Guest).Entry(passed);
        BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)GrantFlags.Transitive);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[GrantEntryV2.TransitiveTransDomidOffset..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[GrantEntryV2.TransitiveGrefOffset..], source);
        bench.Grants(Guest).Owner = Guest;

        dom0.Tell(table, new CopyToGrants([new(passed, 10, 3)], [1, 2, 3], 5));
        Assert.Equal([GnttabStatus.Okay], dom0.Last<CopyGrantsResult>().Statuses);
        Assert.Equal([1, 2, 3], bench.Grants(0).PageOf(source)![10..13]);
        dom0.Tell(table, new CopyFromGrants([new(passed, 11, 2), new(passed, 4095, 2), new(999, 0, 1)], 6));
        var result = dom0.Last<CopyGrantsResult>();
        Assert.Equal([GnttabStatus.Okay, GnttabStatus.BadCopyArg, GnttabStatus.BadGntref], result.Statuses);
        Assert.Equal([2, 3, 0, 0, 0], result.Data);
        Assert.Equal((0u, 0u), (bench.Grants(Guest).ActiveOf(passed).Pin, bench.Grants(0).ActiveOf(source).Pin));
        Assert.Equal(XenErrno.None, bench.Grants(Guest).SetVersion(1));
    }

    [Fact]
    public void Copies_in_a_batch_each_have_their_bytes()
    {
        var refs = Grant(2);
        dom0.Tell(table, new CopyToGrants([new(refs[0], 0, 2), new(600, 0, 1), new(refs[1], 4094, 2)], [1, 2, 9, 3, 4], 1));
        Assert.Equal([GnttabStatus.Okay, GnttabStatus.BadGntref, GnttabStatus.Okay], dom0.Last<CopyGrantsResult>().Statuses);
        dom0.Tell(table, new CopyFromGrants([new(refs[1], 4094, 2), new(refs[0], 1, 1)], 2));
        Assert.Equal([3, 4, 2], dom0.Last<CopyGrantsResult>().Data);

        // Fewer bytes than the extents say: that operation alone fails.
        dom0.Tell(table, new CopyToGrants([new(refs[0], 0, 2), new(refs[0], 0, 2)], [7, 7, 7], 3));
        Assert.Equal([GnttabStatus.Okay, GnttabStatus.BadCopyArg], dom0.Last<CopyGrantsResult>().Statuses);
    }

    [Fact]
    public void A_reference_that_is_given_up_in_use_is_free_within_a_second_of_its_last_user()
    {
        var refs = Grant(1);
        var handles = Map(dom0, refs).Handles;
        bench.Front.Tell(table, new EndAccess(refs, 2, Defer: true));
        Assert.Equal(1, bench.Front.Last<AccessEnded>().StillMapped);
        bench.Simulator.RunFor(VirtualDuration.FromSeconds(5));
        Assert.Single(bench.Grants(Guest).Entries);
        dom0.Tell(table, new UnmapGrants(handles, null, 1));
        bench.Simulator.RunFor(VirtualDuration.FromSeconds(1));
        Assert.Empty(bench.Grants(Guest).Entries);
        Assert.Empty(bench.Grants(Guest).Deferred);
    }

    [Fact]
    public void A_page_arrives_where_it_is_waited_for()
    {
        var reference = Grant(1)[0];
        new GrantEntryV1(GrantFlags.AcceptTransfer, DomId.Dom0, 0).WriteTo(bench.Grants(Guest).Entry(reference));
        dom0.Tell(table, new TransferPage(reference, new byte[7], 1));
        Assert.Equal(GnttabStatus.BadPage, dom0.Last<TransferPageResult>().Status);
        dom0.Tell(table, new TransferPage(reference, new byte[Gfn.PageSize], 1));
        Assert.Equal(GnttabStatus.Okay, dom0.Last<TransferPageResult>().Status);
        dom0.Tell(table, new TransferPage(reference, new byte[Gfn.PageSize], 1));
        Assert.Equal(GnttabStatus.GeneralError, dom0.Last<TransferPageResult>().Status);
    }

    private (long Result, byte[] Argument, List<ulong> Frames) Call(GnttabOp operation, uint count, byte[] argument)
    {
        bench.Front.Tell(table, new GrantTableOp((uint)operation, count, argument, 1));
        var result = bench.Front.Last<GrantTableOpResult>();
        return (result.Result, result.Argument, result.Frames);
    }

    [Fact]
    public void The_tables_size_is_asked_for_and_changed_by_hypercall()
    {
        var setup = new byte[GnttabSetupTable.SizeOf];
        new GnttabSetupTable(DomId.Self, 3, default, 0).WriteTo(setup);
        var (result, argument, frames) = Call(GnttabOp.SetupTable, 1, setup);
        Assert.Equal((0, GnttabStatus.Okay, 3), (result, GnttabSetupTable.Read(argument).Status, frames.Count));
        var query = new byte[GnttabQuerySize.SizeOf];
        new GnttabQuerySize(DomId.Self, 0, 0, default).WriteTo(query);
        var size = GnttabQuerySize.Read(Call(GnttabOp.QuerySize, 1, query).Argument);
        Assert.Equal(new GnttabQuerySize(DomId.Self, 3, 64, GnttabStatus.Okay), size);
        new GnttabSetupTable(DomId.Self, 65, default, 0).WriteTo(setup);
        Assert.Equal(GnttabStatus.GeneralError, GnttabSetupTable.Read(Call(GnttabOp.SetupTable, 1, setup).Argument).Status);
        new GnttabSetupTable(new DomId(0), 1, default, 0).WriteTo(setup);
        Assert.Equal(GnttabStatus.PermissionDenied, GnttabSetupTable.Read(Call(GnttabOp.SetupTable, 1, setup).Argument).Status);
        new GnttabSetupTable(DomId.Invalid, 1, default, 0).WriteTo(setup);
        Assert.Equal(GnttabStatus.BadDomain, GnttabSetupTable.Read(Call(GnttabOp.SetupTable, 1, setup).Argument).Status);
        Assert.Equal(-22, Call(GnttabOp.SetupTable, 2, new byte[2 * GnttabSetupTable.SizeOf]).Result);
    }

    [Fact]
    public void Version_and_status_frames_go_together()
    {
        var version = new byte[GnttabSetVersion.SizeOf];
        new GnttabSetVersion(9).WriteTo(version);
        Assert.Equal(-22, Call(GnttabOp.SetVersion, 1, version).Result);
        new GnttabSetVersion(2).WriteTo(version);
        Assert.Equal((0, 2u), (Call(GnttabOp.SetVersion, 1, version).Result, GnttabSetVersion.Read(Call(GnttabOp.SetVersion, 1, version).Argument).Version));
        var get = new byte[GnttabGetVersion.SizeOf];
        new GnttabGetVersion(DomId.Self, 0).WriteTo(get);
        Assert.Equal(2u, GnttabGetVersion.Read(Call(GnttabOp.GetVersion, 1, get).Argument).Version);
        new GnttabGetVersion(DomId.Dom0, 0).WriteTo(get);
        Assert.Equal(-1, Call(GnttabOp.GetVersion, 1, get).Result);
        new GnttabGetVersion(DomId.Invalid, 0).WriteTo(get);
        Assert.Equal(-3, Call(GnttabOp.GetVersion, 1, get).Result);
        var status = new byte[GnttabGetStatusFrames.SizeOf];
        new GnttabGetStatusFrames(1, DomId.Self, default, 0).WriteTo(status);
        var (_, argument, frames) = Call(GnttabOp.GetStatusFrames, 1, status);
        Assert.Equal((GnttabStatus.Okay, 1), (GnttabGetStatusFrames.Read(argument).Status, frames.Count));
        new GnttabGetStatusFrames(2, DomId.Self, default, 0).WriteTo(status);
        Assert.Equal(GnttabStatus.GeneralError, GnttabGetStatusFrames.Read(Call(GnttabOp.GetStatusFrames, 1, status).Argument).Status);
    }

    [Fact]
    public void Swaps_come_in_batches_and_cache_flushes_are_for_Arm()
    {
        var refs = Grant(2);
        var swaps = new byte[2 * GnttabSwapGrantRef.SizeOf];
        new GnttabSwapGrantRef(new GrantRef(refs[0]), new GrantRef(refs[1]), default).WriteTo(swaps);
        new GnttabSwapGrantRef(new GrantRef(refs[0]), new GrantRef(5000), default).WriteTo(swaps.AsSpan(GnttabSwapGrantRef.SizeOf));
        var (result, argument, _) = Call(GnttabOp.SwapGrantRef, 2, swaps);
        Assert.Equal(
            (0, GnttabStatus.Okay, GnttabStatus.BadGntref),
            (result, GnttabSwapGrantRef.Read(argument).Status, GnttabSwapGrantRef.Read(argument.AsSpan(GnttabSwapGrantRef.SizeOf)).Status));
        Assert.Equal(-38, Call(GnttabOp.CacheFlush, 1, new byte[16]).Result);
        Assert.Equal(-38, Call((GnttabOp)99, 1, new byte[16]).Result);
        Assert.Equal(-14, Call(GnttabOp.SwapGrantRef, 3, swaps).Result);
        Assert.Equal(-14, Call(GnttabOp.SwapGrantRef, uint.MaxValue, swaps).Result);
    }
}
