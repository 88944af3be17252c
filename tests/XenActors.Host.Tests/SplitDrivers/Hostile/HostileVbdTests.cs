using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.SplitDrivers.Block.Back;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

/// <summary>Ends of a vbd that do what no driver does: each costs its own request, or its own device.</summary>
public sealed class HostileVbdTests
{
    private readonly DeviceBench bench = new();
    private readonly ScriptedVbdFront vbd;

    public HostileVbdTests() => vbd = new ScriptedVbdFront(bench);

    private BlkifResponse Indirect(int count, uint[] pages, BlkifOp operation = BlkifOp.Read, ulong sector = 0, ulong id = 1) => vbd.Ask(slot =>
    {
        new BlkifRequestIndirect(operation, (ushort)count, id, sector, 768).WriteTo(slot, BlkifLayout.X86_64);
        for (var i = 0; i < pages.Length; i++)
        {
            BlkifRequestIndirect.WriteGref(slot, BlkifLayout.X86_64, i, new GrantRef(pages[i]));
        }
    });

    private uint SegmentPage(params Segment[] segments)
    {
        var page = new byte[Gfn.PageSize];
        for (var i = 0; i < segments.Length; i++)
        {
            new BlkifRequestSegment(new GrantRef(segments[i].Ref), segments[i].First, segments[i].Last).WriteTo(page.AsSpan(i * 8));
        }

        vbd.Driver.Tell(bench.Places.GrantTable(DeviceBench.Guest), new GrantPages(0, page, false, false, 1));
        return vbd.Driver.Last<PagesGranted>().Refs[0];
    }

    // The ring has survived: what follows is served.
    private void StillServes()
    {
        var page = vbd.Buffer(0xEE);
        Assert.Equal(new BlkifResponse(77, BlkifOp.Read, BlkifStatus.Okay), vbd.Ask(BlkifOp.Read, 9, 77, new Segment(page, 0, 0)));
        Assert.Equal(9, vbd.Contents(page)[0]);
        Assert.Equal(0, vbd.Pins);
    }

    [Fact]
    public void An_indirect_request_is_served()
    {
        vbd.Connected();
        var buffers = Enumerable.Range(0, 15).Select(_ => vbd.Buffer()).ToArray();
        var page = SegmentPage([.. buffers.Select(b => new Segment(b, 0, 7))]);
        Assert.Equal(new BlkifResponse(1, BlkifOp.Read, BlkifStatus.Okay), Indirect(15, [page]));
        Assert.Equal(Enumerable.Range(0, 15).Select(i => (byte)(i * 8)), buffers.Select(b => vbd.Contents(b)[0]));
        StillServes();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    [InlineData(4096)]
    [InlineData(65535)]
    public void An_indirect_request_with_a_number_of_segments_out_of_range_is_an_error(int count)
    {
        vbd.Connected();
        Assert.Equal(BlkifStatus.Error, Indirect(count, [SegmentPage()]).Status);
        StillServes();
    }

    [Theory]
    [InlineData(BlkifOp.FlushDiskcache)]
    [InlineData(BlkifOp.WriteBarrier)]
    [InlineData(BlkifOp.Discard)]
    [InlineData(BlkifOp.Indirect)]
    [InlineData((BlkifOp)200)]
    public void An_indirect_request_for_anything_but_reading_and_writing_is_an_error(BlkifOp operation)
    {
        vbd.Connected();
        Assert.Equal(new BlkifResponse(1, operation, BlkifStatus.Error), Indirect(1, [SegmentPage(new Segment(vbd.Buffer(), 0, 7))], operation));
        StillServes();
    }

    [Fact]
    public void Segments_that_cannot_be_mapped_or_lie_outside_their_page_are_an_error()
    {
        vbd.Connected();
        var buffer = vbd.Buffer();
        Assert.Equal(BlkifStatus.Error, Indirect(1, [9999]).Status);
        Assert.Equal(BlkifStatus.Error, Indirect(2, [SegmentPage(new Segment(buffer, 0, 7), new Segment(9999, 0, 7))]).Status);
        Assert.Equal(BlkifStatus.Error, Indirect(2, [SegmentPage(new Segment(buffer, 0, 7), new Segment(buffer, 0, 8))]).Status);
        Assert.Equal(BlkifStatus.Error, Indirect(2, [SegmentPage(new Segment(buffer, 0, 7), new Segment(buffer, 5, 4))]).Status);
        Assert.Equal(BlkifStatus.Error, Indirect(20, [SegmentPage(new Segment(buffer, 0, 7))], sector: 120).Status);
        StillServes();
    }

    [Fact]
    public void A_slot_that_changes_after_it_was_taken_changes_nothing()
    {
        vbd.Connected();
        var page = vbd.Buffer(0xEE);
        var slot = vbd.Ring.NextRequest();
        new BlkifRequest(BlkifOp.Read, 1, 768, 5, 20).WriteTo(slot, BlkifLayout.X86_64);
        BlkifRequest.WriteSegment(slot, BlkifLayout.X86_64, 0, new BlkifRequestSegment(new GrantRef(page), 0, 0));
        var honest = vbd.Ring.Publish(vbd.RingRef)!.Value;
        vbd.Driver.Say(vbd.Backend, honest);
        bench.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(20));
        var changed = honest.Slots.ToArray();
        changed[1] = 255;
        changed[16] = 99;
        vbd.Driver.Say(vbd.Backend, new RequestsPublished(vbd.RingRef, honest.Old, honest.New, changed));
        bench.Run();
        Assert.Equal(new BlkifResponse(5, BlkifOp.Read, BlkifStatus.Okay), vbd.Answers()[^1]);
        Assert.Equal([20, 0xEE], new[] { vbd.Contents(page)[0], vbd.Contents(page)[512] });
    }

    [Theory]
    [InlineData(128UL, 1UL)]
    [InlineData(0UL, 129UL)]
    [InlineData(1UL, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, 2UL)]
    public void A_discard_beyond_the_end_is_an_error(ulong sector, ulong count)
    {
        vbd.Connected();
        var answer = vbd.Ask(slot => new BlkifRequestDiscard(0, 768, 3, sector, count).WriteTo(slot, BlkifLayout.X86_64));
        Assert.Equal(new BlkifResponse(3, BlkifOp.Discard, BlkifStatus.Error), answer);
        Assert.Equal(127, bench.Volumes.Images["/disk"][127 * 512]);
        StillServes();
    }

    [Fact]
    public void A_discard_on_a_read_only_vbd_is_an_error()
    {
        vbd.Create("r").Script().Initialise().State();
        Assert.Equal(BlkifStatus.Error, vbd.Ask(slot => new BlkifRequestDiscard(0, 768, 3, 0, 8).WriteTo(slot, BlkifLayout.X86_64)).Status);
    }

    [Fact]
    public void A_storm_of_events_costs_nothing_but_its_events()
    {
        vbd.Connected();
        for (var i = 0; i < 1000; i++)
        {
            vbd.Driver.Say(bench.Places.EventChannels(DeviceBench.Guest), new SendEvent(vbd.Port));
        }

        bench.Run();
        StillServes();
    }

    [Fact]
    public void A_frontend_that_flips_its_state_costs_its_own_device()
    {
        var second = new ScriptedVbdFront(bench, 832).Connected();
        vbd.Connected();
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            bench.Write(vbd.Front + "/state", $"{random.Next(9)}");
            bench.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(random.Next(400)));
        }

        bench.Run(100);
        Assert.Equal(BlkifStatus.Okay, second.Ask(BlkifOp.Read, 0, 1, new Segment(second.Buffer(), 0, 7)).Status);
        bench.Rm(vbd.Front);
        bench.Run(100);
        Assert.All(bench.Grants(DeviceBench.Guest).Mappings, m => Assert.Equal(second.RingRef, m.Ref));
    }

    [Fact]
    public void Pages_that_were_never_granted_fill_no_memory()
    {
        vbd.Create().Script().Initialise();
        bench.Write(vbd.Front + "/feature-persistent", "1");
        vbd.State();
        var bytes = new byte[64];
        for (uint i = 0; i < 20_000; i += 1000)
        {
            var writes = Enumerable.Range((int)i, 1000).Select(r => new PageWrite((uint)r * 100_003, 4090, bytes)).ToArray();
            vbd.Driver.Say(vbd.Backend, new RequestsPublished(vbd.RingRef, 0, 0, [], writes));
        }

        bench.Run();
        Assert.Equal(BlkifStatus.Okay, vbd.Ask(BlkifOp.Read, 9, 77, new Segment(vbd.Buffer(), 0, 0)).Status);
        Assert.Equal(9, vbd.Driver.Last<ResponsesPublished>().Pages[0].Bytes.Span[0]);
        var contents = bench.Simulator.StateOf<BlkbackState>(vbd.Backend)!.Rings[0].Persistent.Held;
        Assert.InRange(contents, 0, 32 * 257);
    }

    [Fact]
    public void A_backend_that_writes_where_nothing_is_granted_harms_nobody()
    {
        var guest = new ScriptedGuest(bench);
        var back = new ScriptedVbdBack(bench, 51712).Create();
        guest.Boot(true, 0, "vbd");
        back.State(2).Connect();
        var disk = guest.Kernel.Last<XenActors.Guest.DiskAppeared>().Driver;
        guest.Kernel.Say(disk, BlockRequest.Read(1, 0, 8));
        bench.Run();
        var taken = 0;
        var request = Assert.Single(back.Take(ref taken));
        new BlkifResponse(request.Id, BlkifOp.Read, BlkifStatus.Okay).WriteTo(back.Ring.NextResponse());
        var page = new byte[Gfn.PageSize];
        back.Driver.Tell(back.Frontend, back.Ring.Publish(back.RingRef, [new(0, 0, page), new(uint.MaxValue, 0, page), new(9, 4000, page), new(9, 65535, page)])!.Value);
        Assert.True(Assert.Single(guest.Kernel.All<BlockDone>()).Ok);
    }
}
