using XenActors.Experiments.Checkers.Block;

namespace XenActors.Tests.Experiments.Checkers;

public sealed class SectorDurabilityTests
{
    private readonly SectorDurability _sector = new(null);

    [Fact]
    public void What_no_flush_covers_may_be_lost_or_not()
    {
        _sector.Begin(1, 10, 1);
        _sector.End(1, ok: true, durable: false, 2);
        Assert.True(_sector.Allows(null));
        Assert.True(_sector.Allows(10));
        Assert.False(_sector.Allows(11));
    }

    [Fact]
    public void What_a_flush_covers_stays()
    {
        _sector.Begin(1, 10, 1);
        _sector.End(1, ok: true, durable: false, 2);
        _sector.Flushed(began: 3);
        Assert.False(_sector.Allows(null));
        Assert.True(_sector.Allows(10));
        Assert.True(_sector.Settled);
    }

    [Fact]
    public void A_flush_that_began_before_the_answer_covers_nothing()
    {
        _sector.Begin(1, 10, 1);
        _sector.End(1, ok: true, durable: false, 3);
        _sector.Flushed(began: 2);
        Assert.True(_sector.Allows(null));
    }

    [Fact]
    public void After_a_flush_a_later_write_may_be_there_or_the_flushed_one()
    {
        _sector.Begin(1, 10, 1);
        _sector.End(1, ok: true, durable: false, 2);
        _sector.Begin(2, 20, 3);
        _sector.Flushed(began: 4);
        Assert.True(_sector.Allows(10));
        Assert.True(_sector.Allows(20));
        _sector.End(2, ok: true, durable: false, 5);
        Assert.True(_sector.Allows(10));
        _sector.Flushed(began: 6);
        Assert.False(_sector.Allows(10));
    }

    [Fact]
    public void Of_two_writes_that_overlapped_a_flush_leaves_either()
    {
        _sector.Begin(1, 10, 1);
        _sector.Begin(2, 20, 2);
        _sector.End(1, ok: true, durable: false, 3);
        _sector.End(2, ok: true, durable: false, 4);
        _sector.Flushed(began: 5);
        Assert.True(_sector.Allows(10));
        Assert.True(_sector.Allows(20));
        Assert.False(_sector.Allows(null));
    }

    [Fact]
    public void A_failed_write_may_be_there_even_after_a_flush()
    {
        _sector.Begin(1, 10, 1);
        _sector.End(1, ok: false, durable: false, 2);
        _sector.Flushed(began: 3);
        Assert.True(_sector.Allows(null));
        Assert.True(_sector.Allows(10));
    }

    [Fact]
    public void An_answered_FUA_write_needs_no_flush()
    {
        _sector.Begin(1, 10, 1);
        _sector.End(1, ok: true, durable: true, 2);
        Assert.False(_sector.Allows(null));
    }
}
