using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.Hypervisor;

/// <summary>References that a driver holds, with pages on them and without.</summary>
public sealed class HeldPageTests
{
    private readonly DeviceBench bench = new();

    private ActorRef Table => bench.Places.GrantTable(DeviceBench.Guest);

    private List<uint> Grant(Peer driver, int count, ushort offset = 0, params byte[] bytes)
    {
        driver.Tell(Table, new GrantHeldPages(0, count, ReadOnly: true, offset, bytes, 5));
        return driver.Last<HeldPagesGranted>().Refs;
    }

    [Fact]
    public void Bytes_lie_over_pages_in_a_row_and_all_else_is_zero()
    {
        bench.Front.Tell(Table, new HoldReferences(4, 1));
        var bytes = new byte[5000];
        Array.Fill(bytes, (byte)7);
        var refs = Grant(bench.Front, 3, 4000, bytes);
        byte[] all = [.. refs.SelectMany(r => bench.Grants(DeviceBench.Guest).Entries[r].Page)];
        Assert.Equal([.. new byte[4000], .. bytes, .. new byte[3288]], all);
        Assert.All(refs, r => Assert.True(bench.Grants(DeviceBench.Guest).Entries[r].ReadOnly));
    }

    [Theory]
    [InlineData(5, 0, 0)]
    [InlineData(-1, 0, 0)]
    [InlineData(1, 4000, 97)]
    public void More_than_is_held_or_fits_is_refused(int count, int offset, int length)
    {
        bench.Front.Tell(Table, new HoldReferences(4, 1));
        Assert.Empty(Grant(bench.Front, count, (ushort)offset, new byte[length]));
        Assert.Equal(4, Grant(bench.Front, 4).Count);
    }

    [Fact]
    public void Who_holds_nothing_grants_nothing()
    {
        Assert.Empty(Grant(bench.Front, 1));
    }

    [Fact]
    public void What_ends_is_held_again_and_is_the_next_one_used()
    {
        bench.Front.Tell(Table, new HoldReferences(4, 1));
        var refs = Grant(bench.Front, 2, 1, 1, 2, 3);
        bench.Front.Tell(Table, new EndHeldAccess([new(refs[1], 0, 0), new(refs[0], 2, 2)], 9));
        var ended = bench.Front.Last<HeldAccessEnded>();
        Assert.Equal((9, 0), (ended.Cookie, ended.StillMapped));
        Assert.Equal([2, 3], ended.Data);
        Assert.Equal(refs, Grant(bench.Front, 2));
        Assert.Equal(2, Grant(bench.Front, 2).Count);
    }

    [Fact]
    public void A_page_in_use_is_told_and_stays()
    {
        bench.Front.Tell(Table, new HoldReferences(2, 1));
        var refs = Grant(bench.Front, 1, 0, 1, 2, 3);
        bench.Operator.Tell(Table, new MapGrants(refs, true, 1));
        bench.Front.Tell(Table, new EndHeldAccess([new(refs[0], 0, 3)], 9));
        Assert.Equal(1, bench.Front.Last<HeldAccessEnded>().StillMapped);
        Assert.Equal([0, 0, 0], bench.Front.Last<HeldAccessEnded>().Data);
        Assert.Single(Grant(bench.Front, 1));
        Assert.Empty(Grant(bench.Front, 1));
    }

    [Fact]
    public void Another_drivers_page_cannot_be_ended()
    {
        bench.Front.Tell(Table, new HoldReferences(2, 1));
        var other = bench.NewPeer(DeviceBench.Guest, "other");
        other.Tell(Table, new HoldReferences(2, 1));
        var refs = Grant(bench.Front, 1, 0, 1, 2, 3);
        other.Tell(Table, new EndHeldAccess([new(refs[0], 0, 3)], 9));
        Assert.Equal(1, other.Last<HeldAccessEnded>().StillMapped);
        Assert.Equal(GnttabStatus.Okay, Copy(refs[0]));
    }

    private GnttabStatus Copy(uint reference)
    {
        bench.Operator.Tell(Table, new CopyFromGrants([new(reference, 0, 3)], 2));
        return bench.Operator.Last<CopyGrantsResult>().Statuses[0];
    }
}
