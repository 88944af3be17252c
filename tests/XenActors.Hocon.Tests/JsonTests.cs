using System.Text.Json;

namespace XenActors.Hocon.Tests;

public sealed class JsonTests
{
    private const string Text = "z = 1.50, a { e = {}, l = [], m = [1, { x = null }] }, s = \"q\\\"\\\\\\n\\u0001ü\"";

    [Fact]
    public void Compact_json_has_no_spaces_and_keeps_order_and_numbers() =>
        Assert.Equal(
            "{\"z\":1.50,\"a\":{\"e\":{},\"l\":[],\"m\":[1,{\"x\":null}]},\"s\":\"q\\\"\\\\\\n\\u0001ü\"}",
            Sample.Config(Text).ToJson());

    [Fact]
    public void Pretty_json_is_indented_by_two()
    {
        const string expected =
            """
            {
              "z": 1.50,
              "a": {
                "e": {},
                "l": [],
                "m": [
                  1,
                  {
                    "x": null
                  }
                ]
              },
              "s": "q\"\\\n\u0001ü"
            }
            """;

        Assert.Equal(expected.ReplaceLineEndings("\n"), Sample.Config(Text).ToJson(pretty: true));
    }

    [Fact]
    public void Rendered_json_reads_back_to_itself_here_and_elsewhere()
    {
        foreach (var pretty in new[] { false, true })
        {
            var json = Sample.Config(Text).ToJson(pretty);

            Assert.Equal(json, Sample.Config(json).ToJson(pretty));
            using var other = JsonDocument.Parse(json);
            Assert.Equal("q\"\\\n\u0001ü", other.RootElement.GetProperty("s").GetString());
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_escaped_and_a_whole_one_is_not() =>
        Assert.Equal("{\"a\":\"\\ud834 𝄞\"}", Sample.Config("a = \"\\ud834 \\ud834\\udd1e\"").ToJson());
}
