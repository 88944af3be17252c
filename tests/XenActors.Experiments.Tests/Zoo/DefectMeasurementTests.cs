using XenActors.Experiments.Zoo;

namespace XenActors.Tests.Experiments.Zoo;

/// <summary>How soon a defect is found: the same however many searches run at once, and told as a table's row.</summary>
public sealed class DefectMeasurementTests
{
    private static readonly MeasureOptions Options = new()
    {
        Defects = [DefectCatalog.Find("toolstack-leaks-nodes-on-destroy")!, DefectCatalog.Find("blkback-no-final-check")!],
        Runs = 2,
        Seeds = 60,
        Shrink = false,
        Profiles = Path.Combine(AppContext.BaseDirectory, "hocon"),
    };

    [Fact]
    public void It_is_the_same_however_many_searches_run_at_once()
    {
        var told = new List<string>();

        var one = DefectMeasurement.Prepare(Options).ToTheEnd(m => told.Add(m.Defect.Name), null, CancellationToken.None);
        var three = DefectMeasurement.Prepare(Options with { Jobs = 3 }).ToTheEnd(null, null, CancellationToken.None);

        Assert.Equal(Options.Defects.Select(d => d.Name), told);
        Assert.All(one, m => Assert.Equal(2, m.Seeds.Count));
        Assert.Equal(one.Select(m => MeasureText.Row(Options, m)), three.Select(m => MeasureText.Row(Options, m)));
        Assert.Contains(one[0].Checkers.Keys, c => c == one[0].Defect.Checker);
    }

    [Fact]
    public void It_ends_when_somebody_wants_it_to()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();

        Assert.Throws<OperationCanceledException>(() => DefectMeasurement.Prepare(Options).ToTheEnd(null, null, cancel.Token));
    }

    [Theory]
    [InlineData(new long[] { 1, 3, 5 }, 3, 3.0)]
    [InlineData(new long[] { 1, 3, 6, 9 }, 4, 4.5)]
    [InlineData(new long[] { 1, 3, 6 }, 4, 4.5)]
    [InlineData(new long[] { 1, 3 }, 4, null)]
    [InlineData(new long[] { }, 1, null)]
    public void The_median_counts_searches_that_found_nothing_as_the_longest(long[] seeds, int searches, double? median)
    {
        var measure = new DefectMeasure { Defect = Options.Defects[0], Seeds = seeds, Searches = searches, Checkers = new() };

        Assert.Equal(median, measure.Median);
    }

    [Fact]
    public void A_row_says_what_was_not_found()
    {
        var measure = new DefectMeasure { Defect = Options.Defects[0], Seeds = [7], Searches = 2, Checkers = new() { ["g8-accounting"] = 1 } };

        Assert.Equal(
            "| toolstack-leaks-nodes-on-destroy | toolstack | g8-accounting 1 | more than 60 (7 to 7; 1 found nothing in 60) |  |\n", MeasureText.Row(Options, measure));
    }
}
