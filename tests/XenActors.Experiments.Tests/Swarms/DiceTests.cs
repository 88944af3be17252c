using System.Globalization;
using XenActors.Experiments.Swarms;
using XenActors.Hocon;

namespace XenActors.Tests.Experiments.Swarms;

public sealed class DiceTests
{
    [Theory]
    [InlineData("{ from = 3, to = 7 }", "3 4 5 6 7")]
    [InlineData("{ from = -2, to = 1 }", "-1 -2 0 1")]
    [InlineData("{ from = 3, to = 3 }", "3")]
    [InlineData("{ from = 5, to = 9, log = true }", "5 6 7 8 9")]
    [InlineData("{ from = 0, to = 2, log = true }", "0 1 2")]
    [InlineData("{ from = 1ms, to = 1ms }", "1ms")]
    [InlineData("{ from = 998us, to = 1ms }", "1ms 998us 999us")]
    [InlineData("[512, 4k, xvd]", "4k 512 xvd")]
    [InlineData("[1, [2, 3], { from = 8, to = 9 }]", "1 2 3 8 9")]
    [InlineData("[true, false]", "false true")]
    [InlineData("{ weights { a = 3, \"1\" = 1, c = 0 } }", "1 a")]
    [InlineData("word", "word")]
    public void A_draw_reaches_all_of_its_range_both_ends_included_and_nothing_else(string range, string all)
    {
        var section = HoconConfig.Parse($"x = {range}", "t.conf");
        var drawn = new SortedSet<string>(StringComparer.Ordinal);
        for (var seed = 0UL; seed < 400; seed++)
        {
            drawn.Add(new Dice(seed).Draw(section, "x")!.ToString());
        }

        Assert.Equal(all.Split(' '), drawn);
    }

    [Fact]
    public void Weights_are_shares()
    {
        var section = HoconConfig.Parse("x { weights { a = 6, b = 3, c = 1 } }", "t.conf");
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var dice = new Dice(1);
        for (var i = 0; i < 10_000; i++)
        {
            var word = dice.Text(section, "x");
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        // Five standard deviations of the least likely one.
        Assert.InRange(counts["a"], 5750, 6250);
        Assert.InRange(counts["b"], 2750, 3250);
        Assert.InRange(counts["c"], 850, 1150);
    }

    [Fact]
    public void Log_is_even_by_magnitude()
    {
        var section = HoconConfig.Parse("x { from = 1, to = 1023, log = true }", "t.conf");
        var dice = new Dice(2);
        var small = Enumerable.Range(0, 10_000).Count(_ => dice.Number(section, "x") < 32);
        Assert.InRange(small, 4750, 5250);
    }

    [Fact]
    public void Fractions_lie_within_their_range_and_are_short()
    {
        var section = HoconConfig.Parse("x { from = 0.25, to = 0.5 }", "t.conf");
        var dice = new Dice(3);
        for (var i = 0; i < 1000; i++)
        {
            var text = dice.Text(section, "x");
            Assert.InRange(double.Parse(text, CultureInfo.InvariantCulture), 0.25, 0.5);
            Assert.InRange(text.Length, 3, 5);
        }
    }

    [Fact]
    public void What_is_not_there_is_null() => Assert.Null(new Dice(1).Draw(HoconConfig.Parse("y = 1, x = null", "t.conf"), "x"));

    [Theory]
    [InlineData("x = []", "t.conf:1:5: expected at least one value in a list to draw from")]
    [InlineData("x { from = 7, to = 3 }", "t.conf:1:3: expected 'from' not above 'to'")]
    [InlineData("x { from = 2s, to = 1s }", "t.conf:1:3: expected 'from' not above 'to'")]
    [InlineData("x { weights { a = 0 } }", "t.conf:1:13: expected weights whose sum is above zero")]
    [InlineData("x { weights { a = lots } }", "t.conf:1:19: expected an integer at 'a' but found ")]
    [InlineData("x { from = 1 }", "t.conf:1:3: ")]
    [InlineData("x { from = many, to = 1s }", "t.conf:1:12: ")]
    public void A_range_of_another_form_is_named_with_its_place(string text, string line)
    {
        var section = HoconConfig.Parse(text, "t.conf");
        Assert.StartsWith(line, Assert.Throws<HoconException>(() => new Dice(1).Draw(section, "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_none_is_named_with_its_place()
    {
        var section = HoconConfig.Parse("a = 1\nx = [many]", "t.conf");
        Assert.Equal("t.conf:2:5: expected a whole number, a list of them or { from, to } at 'x'", Assert.Throws<HoconException>(() => new Dice(1).Number(section, "x")).Message);
    }
}
