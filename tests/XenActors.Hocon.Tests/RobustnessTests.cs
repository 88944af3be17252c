using System.Text;

namespace XenActors.Hocon.Tests;

/// <summary>Hostile input costs an error message, never the process.</summary>
public sealed class RobustnessTests
{
    // Half of what a secondary thread usually gets.
    private const int SmallStackBytes = 512 * 1024;

    [Fact]
    public void Nesting_is_allowed_up_to_its_limit()
    {
        const int levels = HoconLimits.MaxNesting;

        Assert.StartsWith("[[[", Sample.Json(new string('[', levels) + new string(']', levels)));
        Assert.Equal(
            $"t.conf:1:{levels + 1}: expected at most {levels} levels of nesting but found more", Sample.Error(new string('[', 100_000)));
    }

    [Theory]
    [InlineData("{a=", "nesting")]
    [InlineData("a{", "nesting")]
    [InlineData("[", "nesting")]
    [InlineData("a.", "nesting")]
    [InlineData("a.b { ", "nesting")]
    public void Deep_input_is_an_error_on_a_small_stack(string unit, string word)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 20_000));

        OnSmallStack(() => Assert.Contains(word, Sample.Error(text.EndsWith('.') ? text + "a = 1" : text)));
    }

    [Fact]
    public void Nesting_at_the_limit_works_on_a_small_stack() =>
        OnSmallStack(() =>
        {
            var text = string.Concat(Enumerable.Repeat("{a=", 200)) + "[" + string.Concat(Enumerable.Repeat("}", 200));
            Assert.Contains("nesting", Sample.Error(text));
            var whole = string.Concat(Enumerable.Repeat("{a=", 199)) + "${?x}1" + new string('}', 199);
            Assert.Contains("\"1\"", Sample.Config(whole).ToJson(pretty: true));
        });

    [Fact]
    public void Long_chains_of_substitutions_are_an_error_on_a_small_stack()
    {
        var forward = string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"k{i} = ${{k{i + 1}}}")) + "\nk20000 = 1";
        var backward = "a = x\n" + string.Concat(Enumerable.Repeat("a = ${a}y\n", 20_000));

        OnSmallStack(() => Assert.Contains("substitutions waiting for each other", Sample.Error(forward)));
        OnSmallStack(() => Assert.Contains("substitutions waiting for each other", Sample.Error(backward)));
    }

    [Fact]
    public void Substitutions_cannot_nest_deeper_than_text_can()
    {
        var text = "k0 { x = 1 }\n" + string.Join('\n', Enumerable.Range(1, 5_000).Select(i => $"k{i} {{ x = ${{k{i - 1}}} }}"));

        OnSmallStack(() => Assert.Contains("levels of nesting", Sample.Error(text)));
    }

    [Theory]
    [InlineData("k0 = xx", "${k#}${k#}")]
    [InlineData("k0 = [1, 2]", "${k#} ${k#}")]
    [InlineData("k0 = [1, 2]", "[${k#}, ${k#}]")]
    [InlineData("k0 { a = 1 }", "{ l = ${k#}, r = ${k#} }")]
    [InlineData("k0 { a = [${?no}], a = ${?yes} }", "${k#} ${k#}")]
    public void Doubling_stops_at_the_expansion_limit(string start, string step)
    {
        var lines = Enumerable.Range(1, 60).Select(i => $"k{i} = {step.Replace("#", (i - 1).ToString())}");

        var text = start + "\n" + string.Join('\n', lines);

        if (start.Contains("${?no}"))
        {
            // Objects that say nothing new do not grow.
            Assert.StartsWith("{", Sample.Json(text));
        }
        else
        {
            Assert.Contains("expected substitutions to expand to at most", Sample.Error(text));
        }
    }

    [Fact]
    public void A_hundred_thousand_appends_are_one_list()
    {
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"a += {i}\n"));

        OnSmallStack(() => Assert.Equal(100_000, Sample.Config(text).GetList("a").Count));
    }

    [Theory]
    [InlineData("a.b.k# = v # w\n")]
    [InlineData("k# { x = [1, 2, \"three\"], y = ${?k0.x} }\n")]
    [InlineData("a { b { k# = 1 } }\n")]
    [InlineData("a = ${?no} { k# = 1 }\n")]
    [InlineData("a = \"\"\"x\ny\n\nz\"\"\"\n")]
    [InlineData("a += #\n")]
    [InlineData("word word word ")]
    public void The_work_for_a_file_grows_in_step_with_its_size(string unit)
    {
        var text = unit.StartsWith("word", StringComparison.Ordinal) ? "a = " : "";
        Measure(text + Repeat(unit, 20_000));
        var small = Measure(text + Repeat(unit, 250_000));
        var large = Measure(text + Repeat(unit, 1_000_000));

        Assert.True(large < 8 * small, $"four times the text took {large} bytes instead of {small}");
    }

    [Fact]
    public void Random_damage_raises_only_hocon_exceptions()
    {
        const int seed = 20261;
        const int rounds = 20_000;
        string[] seeds =
        [
            "a = 1, b { c = [1, 2, { d = ${a} }] }\nl += x, l += ${?b.c}\n",
            "include required(file(\"i.conf\"))\np = \"\"\"q\"\"\" ${a.\"b\".c}\nx = ${x} [${?y}]",
            "{ \"k\\u0041\" : -1.5e+3, // c\n 'q' = null # d\n a.b.c += 10 ms }",
            "b { x = 1 }, a = ${b} { x = ${a.x}2 }, a = ${a}\nb = ${?a} {}, e = ${E[]}",
        ];
        const string alphabet = "{}[]()$?=:+,.\"\\#/ \n\tabx019-_\u00a0\ud834ü";
        var random = new Random(seed);
        for (var round = 0; round < rounds; round++)
        {
            var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
            for (var edits = random.Next(1, 8); edits > 0 && text.Length > 0; edits--)
            {
                Damage(text, random, alphabet);
            }
            var input = text.ToString();
            try
            {
                var at = HoconDocument.Parse(input, "t.conf", Sample.Files(("i.conf", "i = ${?a}"))).ResolveValue();
                Assert.Equal(at.ToJson(), HoconDocument.Parse(at.ToJson(true)).ResolveValue().ToJson());
            }
            catch (HoconException error)
            {
                Assert.True(error.Message.Contains("expected ") && !error.Problem.Contains('\n'), error.Message);
            }
            catch (Exception other)
            {
                Assert.Fail($"seed {seed}, round {round}: {other.GetType().Name} {other.Message} for:\n{input}");
            }
        }
    }

    private static void Damage(StringBuilder text, Random random, string alphabet)
    {
        var at = random.Next(text.Length);
        switch (random.Next(4))
        {
            case 0:
                text[at] = alphabet[random.Next(alphabet.Length)];
                break;
            case 1:
                text.Insert(at, alphabet[random.Next(alphabet.Length)]);
                break;
            case 2:
                text.Remove(at, random.Next(1, Math.Min(4, text.Length - at) + 1));
                break;
            default:
                var length = random.Next(1, Math.Min(20, text.Length - at) + 1);
                text.Insert(random.Next(text.Length), text.ToString(at, length));
                break;
        }
    }

    private static string Repeat(string unit, int chars)
    {
        var text = new StringBuilder(chars + unit.Length);
        for (var i = 0; text.Length < chars; i++)
        {
            text.Append(unit.Replace("#", i.ToString("d6")));
        }
        return text.ToString();
    }

    // Bytes allocated and not time: quadratic copying shows in them, and a busy machine does not.
    private static long Measure(string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        HoconConfig.Parse(text);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception error)
                {
                    failure = error;
                }
            },
            SmallStackBytes);
        thread.Start();
        thread.Join();
        Assert.True(failure is null, failure?.ToString());
    }
}
