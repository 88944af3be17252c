using System.Text.Json;

namespace XenActors.Abi.Tests;

public sealed class BlkifLayoutTests
{
    [Theory]
    [InlineData("x86_64-abi", 112)]
    [InlineData("x86_32-abi", 108)]
    public void Both_abis_lie_as_their_compiler_laid_them(string protocol, int entry)
    {
        var layout = BlkifLayout.Of(protocol)!;
        var headers = protocol == "x86_64-abi" ? XenHeaders.Layouts : XenHeaders.Blkif32;
        var request = Figures(headers, "struct blkif_request");
        Assert.Equal(entry, layout.RequestSize);
        Assert.Equal(request["sizeof"], layout.RequestSize);
        Assert.Equal(BlkifLayout.OperationOffset, request["operationoffset"]);
        Assert.Equal(BlkifLayout.NrSegmentsOffset, request["nrsegmentsoffset"]);
        Assert.Equal(BlkifLayout.HandleOffset, request["handleoffset"]);
        Assert.Equal(request["idoffset"], layout.IdOffset);
        Assert.Equal(request["sectornumberoffset"], layout.SectorNumberOffset);
        Assert.Equal(request["segoffset"], layout.SegOffset);
        Assert.Equal(BlkifLayout.SegStride, request["segstride"]);
        Assert.Equal(BlkifLimits.MaxSegmentsPerRequest, request["segcount"]);

        var response = Figures(headers, "struct blkif_response");
        Assert.Equal(response["sizeof"], layout.ResponseSize);
        Assert.Equal(BlkifLayout.ResponseIdOffset, response["idoffset"]);
        Assert.Equal(BlkifLayout.ResponseOperationOffset, response["operationoffset"]);
        Assert.Equal(BlkifLayout.ResponseStatusOffset, response["statusoffset"]);

        var discard = Figures(headers, "struct blkif_request_discard");
        Assert.Equal(discard["sizeof"], layout.DiscardSize);
        Assert.Equal(BlkifLayout.DiscardFlagOffset, discard["flagoffset"]);
        Assert.Equal(discard["idoffset"], layout.IdOffset);
        Assert.Equal(discard["sectornumberoffset"], layout.SectorNumberOffset);
        Assert.Equal(discard["nrsectorsoffset"], layout.DiscardNrSectorsOffset);

        var indirect = Figures(headers, "struct blkif_request_indirect");
        Assert.Equal(BlkifLayout.IndirectSize, indirect["sizeof"]);
        Assert.Equal(BlkifLayout.IndirectOpOffset, indirect["indirectopoffset"]);
        Assert.Equal(BlkifLayout.IndirectNrSegmentsOffset, indirect["nrsegmentsoffset"]);
        Assert.Equal(indirect["idoffset"], layout.IdOffset);
        Assert.Equal(indirect["sectornumberoffset"], layout.SectorNumberOffset);
        Assert.Equal(indirect["handleoffset"], layout.IndirectHandleOffset);
        Assert.Equal(indirect["indirectgrefsoffset"], layout.IndirectGrefsOffset);
        Assert.Equal(BlkifLayout.IndirectGrefStride, indirect["indirectgrefsstride"]);
        Assert.Equal(BlkifLimits.MaxIndirectPagesPerRequest, indirect["indirectgrefscount"]);
    }

    [Theory]
    [InlineData("x86_64-abi")]
    [InlineData("x86_32-abi")]
    public void Slots_read_back_what_was_written(string protocol)
    {
        var layout = BlkifLayout.Of(protocol)!;
        var slot = new byte[layout.RequestSize];
        var request = new BlkifRequest(BlkifOp.Write, 11, 51712, 0x1122334455667788, 0x0102030405060708);
        var last = new BlkifRequestSegment(new GrantRef(77), 1, 7);
        request.WriteTo(slot, layout);
        BlkifRequest.WriteSegment(slot, layout, 10, last);
        Assert.Equal(request, BlkifRequest.Read(slot, layout));
        Assert.Equal(last, BlkifRequest.ReadSegment(slot, layout, 10));

        var discard = new BlkifRequestDiscard(BlkifLimits.DiscardSecure, 3, 4, 5, ulong.MaxValue);
        discard.WriteTo(slot, layout);
        Assert.Equal(discard, BlkifRequestDiscard.Read(slot, layout));

        var indirect = new BlkifRequestIndirect(BlkifOp.Read, 4096, 9, 10, 11);
        indirect.WriteTo(slot, layout);
        BlkifRequestIndirect.WriteGref(slot, layout, 7, new GrantRef(uint.MaxValue));
        Assert.Equal(indirect, BlkifRequestIndirect.Read(slot, layout));
        Assert.Equal(uint.MaxValue, BlkifRequestIndirect.ReadGref(slot, layout, 7).Value);

        var response = new BlkifResponse(ulong.MaxValue, BlkifOp.Discard, BlkifStatus.Eopnotsupp);
        response.WriteTo(slot);
        Assert.Equal(response, BlkifResponse.Read(slot));
    }

    [Theory]
    [InlineData("x86_64-abi")]
    [InlineData("x86_32-abi")]
    public void The_rings_head_and_segments_lie_alike_in_both_abis(string protocol)
    {
        var layout = BlkifLayout.Of(protocol)!;
        var headers = protocol == "x86_64-abi" ? XenHeaders.Layouts : XenHeaders.Blkif32;
        var ring = Figures(headers, "struct blkif_sring");
        Assert.Equal(SharedRing.ReqProdOffset, ring["reqprodoffset"]);
        Assert.Equal(SharedRing.ReqEventOffset, ring["reqeventoffset"]);
        Assert.Equal(SharedRing.RspProdOffset, ring["rspprodoffset"]);
        Assert.Equal(SharedRing.RspEventOffset, ring["rspeventoffset"]);
        Assert.Equal(SharedRing.RingOffset, ring["ringoffset"]);
        Assert.Equal(SharedRing.RingOffset + layout.RequestSize, ring["sizeof"]);
        var segment = Figures(headers, "struct blkif_request_segment");
        Assert.Equal(BlkifRequestSegment.SizeOf, segment["sizeof"]);
        Assert.Equal(BlkifRequestSegment.GrefOffset, segment["grefoffset"]);
        Assert.Equal(BlkifRequestSegment.FirstSectOffset, segment["firstsectoffset"]);
        Assert.Equal(BlkifRequestSegment.LastSectOffset, segment["lastsectoffset"]);
    }

    [Fact]
    public void An_unknown_protocol_has_no_layout() => Assert.Null(BlkifLayout.Of("vax-abi"));

    [Theory]
    [InlineData(1, 32)]
    [InlineData(16, 512)]
    public void Rings_hold_the_largest_power_of_two_of_entries(int pages, int entries)
    {
        Assert.Equal(entries, SharedRing.EntryCount(pages * Gfn.PageSize, BlkifLayout.X86_64.RequestSize));
        Assert.Equal(entries, SharedRing.EntryCount(pages * Gfn.PageSize, BlkifLayout.X86_32.RequestSize));
        Assert.Equal(SharedRing.RingOffset, SharedRing.EntryOffset((uint)entries, entries, 112));
        Assert.Equal(SharedRing.RingOffset + (entries - 1) * 112, SharedRing.EntryOffset(uint.MaxValue, entries, 112));
    }

    [Fact]
    public void Network_rings_hold_256_entries()
    {
        Assert.Equal(256, SharedRing.EntryCount(Gfn.PageSize, NetifTxRequest.SizeOf));
        Assert.Equal(256, SharedRing.EntryCount(Gfn.PageSize, NetifRxRequest.SizeOf));
        Assert.Equal(128, SharedRing.EntryCount(Gfn.PageSize, NetifCtrlRequest.SizeOf));
    }

    private static Dictionary<string, long> Figures(JsonElement headers, string structure) => XenHeaders.Figures(headers.GetProperty(structure));
}
