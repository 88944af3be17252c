using XenActors.Abi;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

public sealed class BlkbackRequestTests
{
    private readonly DeviceBench bench = new();
    private readonly ScriptedVbdFront vbd;

    public BlkbackRequestTests() => vbd = new(bench);

    [Fact]
    public void Unmaps_grants_before_pushing_responses()
    {
        vbd.Connected();
        vbd.Ask(BlkifOp.Read, 0, 1, new Segment(vbd.Buffer(), 0, 7));
        var lines = bench.Trace.Records.Select(r => r.Message[(r.Message.LastIndexOf('.') + 1)..]).ToList();
        var order = (string[])["RequestsPublished", "DiskRead", "DiskDone", "UnmapGrants", "UnmapGrantsResult", "ResponsesPublished"];
        Assert.Equal(order, lines.Where(order.Contains));
        Assert.Equal(0, vbd.Pins);
    }

    [Fact]
    public void A_read_returns_the_images_bytes()
    {
        vbd.Connected();
        var (a, b) = (vbd.Buffer(0xEE), vbd.Buffer(0xEE));
        Assert.Equal(new BlkifResponse(77, BlkifOp.Read, BlkifStatus.Okay), vbd.Ask(BlkifOp.Read, 10, 77, new Segment(a, 2, 3), new Segment(b, 7, 7)));
        Assert.Equal([0xEE, 10, 11, 0xEE], Marks(a, 0, 2, 3, 4));
        Assert.Equal([0xEE, 12], Marks(b, 6, 7));
    }

    [Fact]
    public void A_write_lands_in_the_image()
    {
        vbd.Connected();
        var page = vbd.Buffer(0xAB, readOnly: true);
        Assert.Equal(BlkifStatus.Okay, vbd.Ask(BlkifOp.Write, 20, 1, new Segment(page, 1, 2)).Status);
        var image = bench.Volumes.Images["/disk"];
        Assert.Equal([19, 0xAB, 0xAB, 22], new[] { image[(20 * 512) - 1], image[20 * 512], image[(22 * 512) - 1], image[22 * 512] });
    }

    [Fact]
    public void A_flush_reaches_the_volume()
    {
        vbd.Connected();
        Assert.Equal(new BlkifResponse(5, BlkifOp.FlushDiskcache, BlkifStatus.Okay), vbd.Ask(BlkifOp.FlushDiskcache, 0, 5));
        Assert.Equal(1, bench.Volumes.Flushes);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(99)]
    [InlineData(255)]
    public void An_operation_that_is_not_offered_is_unsupported(byte operation)
    {
        vbd.Connected();
        Assert.Equal(
            new BlkifResponse(3, (BlkifOp)operation, BlkifStatus.Eopnotsupp), vbd.Ask((BlkifOp)operation, 0, 3, new Segment(vbd.Buffer(), 0, 7)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(255)]
    public void A_number_of_segments_out_of_range_is_an_error(byte count)
    {
        vbd.Connected();
        Assert.Equal(BlkifStatus.Error, vbd.Ask(BlkifOp.Read, count, 0, 1, []).Status);
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(0, 8)]
    [InlineData(255, 255)]
    public void Sectors_that_are_not_in_a_page_are_an_error(byte first, byte last)
    {
        vbd.Connected();
        Assert.Equal(BlkifStatus.Error, vbd.Ask(BlkifOp.Read, 0, 1, new Segment(vbd.Buffer(), first, last)).Status);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(121)]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 7)]
    public void Sectors_beyond_the_end_are_an_error(ulong sector)
    {
        vbd.Connected();
        Assert.Equal(BlkifStatus.Error, vbd.Ask(BlkifOp.Read, sector, 1, new Segment(vbd.Buffer(), 0, 7)).Status);
        Assert.Equal(BlkifStatus.Error, vbd.Ask(BlkifOp.Write, sector, 2, new Segment(vbd.Buffer(), 0, 7)).Status);
    }

    [Fact]
    public void The_last_sector_can_be_read()
    {
        vbd.Connected();
        Assert.Equal(BlkifStatus.Okay, vbd.Ask(BlkifOp.Read, 127, 1, new Segment(vbd.Buffer(), 0, 0)).Status);
    }

    [Theory]
    [InlineData("r", "/disk")]
    [InlineData("w", "/cd")]
    public void A_write_to_a_read_only_vbd_is_an_error(string mode, string image)
    {
        vbd.Create(mode, image).Script().Initialise().State();
        Assert.Equal(BlkifStatus.Error, vbd.Ask(BlkifOp.Write, 0, 1, new Segment(vbd.Buffer(0xAB), 0, 7)).Status);
        Assert.Equal(0, bench.Volumes.Images[image][0]);
    }

    [Fact]
    public void A_bad_grant_is_an_error_and_leaves_nothing_mapped()
    {
        vbd.Connected();
        Assert.Equal(BlkifStatus.Error, vbd.Ask(BlkifOp.Read, 0, 1, new Segment(vbd.Buffer(), 0, 7), new Segment(9999, 0, 7), new Segment(uint.MaxValue, 0, 7)).Status);
        Assert.Equal(0, vbd.Pins);
        Assert.Single(bench.Grants(DeviceBench.Guest).Mappings);
    }

    [Fact]
    public void A_read_into_a_read_only_page_is_an_error()
    {
        vbd.Connected();
        Assert.Equal(BlkifStatus.Error, vbd.Ask(BlkifOp.Read, 0, 1, new Segment(vbd.Buffer(readOnly: true), 0, 7)).Status);
    }

    [Fact]
    public void Bogus_requests_halt_that_device_only()
    {
        vbd.Connected();
        var second = new ScriptedVbdFront(bench, 832).Connected();
        vbd.Driver.Tell(vbd.Backend, new RequestsPublished(vbd.RingRef, 0, 5000, []));
        Assert.Contains(
            "xen-blkback: Frontend provided bogus ring requests (5000 - 0 = 5000). Halting ring processing on dev=700000", bench.BackLog);
        vbd.Ring.NextRequest();
        vbd.Driver.Tell(vbd.Backend, vbd.Ring.Publish(vbd.RingRef)!.Value);
        Assert.Empty(vbd.Answers());
        Assert.Equal(BlkifStatus.Okay, second.Ask(BlkifOp.Read, 0, 1, new Segment(second.Buffer(), 0, 7)).Status);
    }

    [Fact]
    public void A_32_bit_frontends_layout_is_served()
    {
        var old = new ScriptedVbdFront(bench, 832, BlkifLayout.X86_32).Connected();
        var page = old.Buffer();
        Assert.Equal(new BlkifResponse(0x1122334455667788, BlkifOp.Read, BlkifStatus.Okay), old.Ask(BlkifOp.Read, 9, 0x1122334455667788, new Segment(page, 0, 0)));
        Assert.Equal(9, old.Contents(page)[511]);
        Assert.Equal(BlkifStatus.Okay, old.Ask(BlkifOp.Read, 10, 2, new Segment(page, 0, 0)).Status);
        Assert.Equal(10, old.Contents(page)[0]);
    }

    [Fact]
    public void What_a_stranger_publishes_is_ignored()
    {
        vbd.Connected();
        bench.Front.Tell(vbd.Backend, new RequestsPublished(vbd.RingRef, 0, 5000, []));
        Assert.Equal(BlkifStatus.Okay, vbd.Ask(BlkifOp.Read, 0, 1, new Segment(vbd.Buffer(), 0, 7)).Status);
    }

    private byte[] Marks(uint reference, params ReadOnlySpan<int> sectors)
    {
        var marks = new List<byte>();
        foreach (var sector in sectors)
        {
            marks.Add(vbd.Contents(reference)[sector * 512]);
        }

        return [.. marks];
    }
}
