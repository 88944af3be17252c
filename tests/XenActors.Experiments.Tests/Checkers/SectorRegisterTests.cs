using FsCheck;
using FsCheck.Fluent;
using XenActors.Experiments.Checkers.Block;

namespace XenActors.Tests.Experiments.Checkers;

public sealed class SectorRegisterTests
{
    private readonly SectorRegister _sector = new();

    [Fact]
    public void A_read_after_a_write_sees_it()
    {
        Assert.True(_sector.EndWrite(_sector.BeginWrite(1), ok: true));
        Assert.True(_sector.EndRead(_sector.BeginRead(), 1, ok: true));
    }

    [Fact]
    public void A_read_after_a_write_does_not_see_what_was_before()
    {
        Assert.True(_sector.EndWrite(_sector.BeginWrite(1), ok: true));
        Assert.True(_sector.EndWrite(_sector.BeginWrite(2), ok: true));
        Assert.False(_sector.EndRead(_sector.BeginRead(), 1, ok: true));
    }

    [Fact]
    public void What_was_there_before_all_writes_is_what_the_first_read_says()
    {
        Assert.True(_sector.EndRead(_sector.BeginRead(), 7, ok: true));
        Assert.True(_sector.EndRead(_sector.BeginRead(), 7, ok: true));
        Assert.False(_sector.EndRead(_sector.BeginRead(), 8, ok: true));
    }

    [Fact]
    public void Overlapping_writes_end_in_either_order()
    {
        foreach (var last in (ulong[])[1, 2])
        {
            var sector = new SectorRegister();
            var (one, two) = (sector.BeginWrite(1), sector.BeginWrite(2));
            Assert.True(sector.EndWrite(one, ok: true));
            Assert.True(sector.EndWrite(two, ok: true));
            Assert.True(sector.EndRead(sector.BeginRead(), last, ok: true));
            Assert.False(sector.EndRead(sector.BeginRead(), 3 - last, ok: true));
        }
    }

    [Fact]
    public void Who_has_seen_a_new_value_cannot_be_followed_by_one_who_sees_the_old()
    {
        Assert.True(_sector.EndWrite(_sector.BeginWrite(1), ok: true));
        var write = _sector.BeginWrite(2);
        Assert.True(_sector.EndRead(_sector.BeginRead(), 2, ok: true));
        Assert.False(_sector.EndRead(_sector.BeginRead(), 1, ok: true));
        Assert.True(_sector.EndWrite(write, ok: true));
    }

    [Fact]
    public void A_failed_write_may_have_happened_and_may_happen_late()
    {
        Assert.True(_sector.EndWrite(_sector.BeginWrite(1), ok: true));
        Assert.True(_sector.EndWrite(_sector.BeginWrite(2), ok: false));
        Assert.True(_sector.EndRead(_sector.BeginRead(), 1, ok: true));
        Assert.True(_sector.EndRead(_sector.BeginRead(), 2, ok: true));
        Assert.False(_sector.EndRead(_sector.BeginRead(), 1, ok: true));
    }

    [Fact]
    public void After_a_discard_anything_may_be_read_until_a_write_that_overlaps_nothing()
    {
        Assert.True(_sector.EndWrite(_sector.BeginWrite(1), ok: true));
        _sector.Discard();
        Assert.True(_sector.EndRead(_sector.BeginRead(), 9, ok: true));
        Assert.True(_sector.EndRead(_sector.BeginRead(), 8, ok: true));
        Assert.True(_sector.EndWrite(_sector.BeginWrite(2), ok: true));
        Assert.False(_sector.EndRead(_sector.BeginRead(), 9, ok: true));
    }

    /// <summary>Against all orders, tried one by one: both say the same of every small history.</summary>
    [Fact]
    public void The_verdict_is_that_of_all_orders_tried_one_by_one()
    {
        var (right, wrong) = (0, 0);
        var seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
        Prop.ForAll(seeds, seed =>
        {
            var history = History(new Random(seed));
            var expected = BruteForceRegister.IsLinearizable(history);
            _ = expected ? right++ : wrong++;
            return Judge(history) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(4_000).WithReplay(0x5EC, 0x7));
        Assert.True(right > 500 && wrong > 500, $"{right} right and {wrong} wrong histories: too few of one kind to mean much");
    }

    // Up to six operations that begin and end in any order; three values, so that they meet.
    private static List<RegisterOperation> History(Random random)
    {
        var history = new List<RegisterOperation>();
        var open = new List<RegisterOperation>();
        var now = 0;
        for (var step = 0; step < 14; step++)
        {
            now++;
            if (history.Count < 6 && open.Count < 3 && (open.Count == 0 || random.Next(2) == 0))
            {
                var operation = new RegisterOperation(random.Next(2) == 0, (ulong)random.Next(1, 4), now);
                history.Add(operation);
                open.Add(operation);
            }
            else if (open.Count > 0)
            {
                var ended = open[random.Next(open.Count)];
                open.Remove(ended);
                ended.End = now;
                ended.Ok = !ended.Write || random.Next(5) > 0;
            }
        }

        return history;
    }

    private static bool Judge(List<RegisterOperation> history)
    {
        var sector = new SectorRegister();
        var ids = new Dictionary<RegisterOperation, int>();
        for (var now = 1; now <= 14; now++)
        {
            foreach (var operation in history)
            {
                if (operation.Begin == now)
                {
                    ids[operation] = operation.Write ? sector.BeginWrite(operation.Value) : sector.BeginRead();
                }
                else if (operation.End == now
                    && !(operation.Write ? sector.EndWrite(ids[operation], operation.Ok) : sector.EndRead(ids[operation], operation.Value, operation.Ok)))
                {
                    return false;
                }
            }
        }

        return true;
    }
}

internal sealed class RegisterOperation(bool write, ulong value, int begin)
{
    public bool Write { get; } = write;

    public ulong Value { get; } = value;

    public int Begin { get; } = begin;

    /// <summary>0: never.</summary>
    public int End { get; set; }

    public bool Ok { get; set; }
}

/// <summary>Tries every order of a history's operations.</summary>
internal static class BruteForceRegister
{
    public static bool IsLinearizable(List<RegisterOperation> history)
    {
        // What was there first: one of the values, or none that anybody knows.
        for (ulong first = 0; first < 4; first++)
        {
            if (Try(history, new bool[history.Count], first))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Try(List<RegisterOperation> history, bool[] done, ulong value)
    {
        // All that ended well have had their turn; the others may have had none.
        var left = false;
        for (var i = 0; i < history.Count; i++)
        {
            left |= !done[i] && history[i] is { End: > 0, Ok: true };
        }

        if (!left)
        {
            return true;
        }

        for (var i = 0; i < history.Count; i++)
        {
            var next = history[i];
            if (done[i] || !MayBeNext(history, done, next) || (!next.Write && next.End > 0 && next.Value != value))
            {
                continue;
            }

            done[i] = true;
            if (Try(history, done, next.Write ? next.Value : value))
            {
                return true;
            }

            done[i] = false;
        }

        return false;
    }

    // Nobody who has ended well before it began still waits for his turn.
    private static bool MayBeNext(List<RegisterOperation> history, bool[] done, RegisterOperation next)
    {
        for (var i = 0; i < history.Count; i++)
        {
            if (!done[i] && history[i] is { End: > 0, Ok: true } other && other.End < next.Begin)
            {
                return false;
            }
        }

        return true;
    }
}
