using System.Text.Json.Nodes;
using XenActors.Experiments.Scenarios;
using XenActors.Hocon;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Swarms;

public sealed class ScenarioDocumentTests
{
    private static readonly string[] Words =
    [
        "", " ", "a", "xvda", "web/vif0", "/dev/vg/g1a", "4k", "34 MiB", "12", "-3", "1.5", "0x10", "1e3", "true", "null", "off", "include", "include x", "a.b",
        "a=b", "{", "}", "[1]", "# no comment", "// neither", "${x}", "\"", "\\", "'", "\"\"\"", "two\nlines", "two\nlines\"", "tab\there", "ünï", "\u0001", "a,b",
        "xl pause g1", "phy:/dev/vg/g1a,xvda,w", "-", "--", "+1", "1_000", ".", "..", "a ", " a", "\n", "NaN", "Infinity", "\ud83d\ude00",
    ];

    [Fact]
    public void What_is_written_is_read_as_the_same()
    {
        for (var seed = 0UL; seed < 2000; seed++)
        {
            var random = new RandomStream(seed, "documents");
            var document = Object(ref random, 0);
            var text = ScenarioDocument.Write(document);
            var again = JsonNode.Parse(HoconJson.Render(HoconConfig.Parse(text, $"seed-{seed}.conf")));
            Assert.True(JsonNode.DeepEquals(document, again), $"seed {seed}:\n{text}\nwas {document}\nis {again}");
        }
    }

    [Fact]
    public void Drawn_scenarios_are_read_as_they_were_written()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var document = SmallSwarm.Draw(seed);
            var text = ScenarioDocument.Write(document);
            var again = (JsonObject)JsonNode.Parse(HoconJson.Render(HoconConfig.Parse(text, "t.conf")))!;
            Assert.True(JsonNode.DeepEquals(document, again), $"seed {seed}:\n{text}");
        }
    }

    private static JsonObject Object(ref RandomStream random, int depth)
    {
        var section = new JsonObject();
        for (var i = random.Next(5); i > 0; i--)
        {
            var key = Words[(int)random.Next(Words.Length)];
            if (key.Length > 0)
            {
                section[key] = Value(ref random, depth + 1);
            }
        }

        return section;
    }

    private static JsonNode? Value(ref RandomStream random, int depth) => random.Next(depth > 3 ? 4 : 6) switch
    {
        0 => JsonValue.Create(random.NextBetween(-5, 100_000)),
        1 => JsonValue.Create(random.NextChance(0.5)),
        2 or 3 => JsonValue.Create(Words[(int)random.Next(Words.Length)]),
        4 => Object(ref random, depth),
        _ => List(ref random, depth),
    };

    private static JsonArray List(ref RandomStream random, int depth)
    {
        var list = new JsonArray();
        for (var i = random.Next(4); i > 0; i--)
        {
            list.Add(Value(ref random, depth + 1));
        }

        return list;
    }
}
