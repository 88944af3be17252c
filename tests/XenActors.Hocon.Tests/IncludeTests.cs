namespace XenActors.Hocon.Tests;

public sealed class IncludeTests
{
    private static readonly (string, string)[] Files =
    [
        ("disk.conf", "size = 10, label = d${size}"),
        ("dir/one.conf", "one = 1, include \"two\", include \"../disk.conf\""),
        ("dir/two.conf", "two = 2"),
        ("/abs/x.conf", "x = 1"),
        ("list.conf", "[1]"),
        ("multi.properties", "p = prop\nall = prop"),
        ("multi.json", """{ "j": "json", "all": "json" }"""),
        ("multi.conf", "c = conf, all = conf"),
        ("v1.2", "exact = yes"),
        ("broken.conf", "a = 1\nb = {"),
    ];

    [Theory]
    [InlineData("include \"disk.conf\"", """{"size":10,"label":"d10"}""")]
    [InlineData("include file(\"disk.conf\")", """{"size":10,"label":"d10"}""")]
    [InlineData("include required(\"disk.conf\")", """{"size":10,"label":"d10"}""")]
    [InlineData("include\n\n required( file( \"disk.conf\" ) )\na = 1", """{"size":10,"label":"d10","a":1}""")]
    [InlineData("include \"disk\", a = 1", """{"size":10,"label":"d10","a":1}""")]
    [InlineData("{ include \"disk\" }", """{"size":10,"label":"d10"}""")]
    [InlineData("size = 1\ninclude \"disk\"", """{"size":10,"label":"d10"}""")]
    [InlineData("include \"disk\"\nsize = 5", """{"size":5,"label":"d5"}""")]
    [InlineData("include \"dir/one\"", """{"one":1,"two":2,"size":10,"label":"d10"}""")]
    [InlineData("include \"/abs/x\"", """{"x":1}""")]
    [InlineData("include \"./dir/../disk\"", """{"size":10,"label":"d10"}""")]
    [InlineData("include \"multi\"", """{"p":"prop","all":"conf","j":"json","c":"conf"}""")]
    [InlineData("include \"v1.2\"", """{"exact":"yes"}""")]
    [InlineData("include \"nothing\", a = 1", """{"a":1}""")]
    [InlineData("include file(\"nothing.conf\")", "{}")]
    [InlineData("a = include, b = [include]", """{"a":"include","b":["include"]}""")]
    [InlineData("l = [{ include \"dir/two\" }]", """{"l":[{"two":2}]}""")]
    public void An_included_file_stands_for_its_fields(string text, string json) => Assert.Equal(json, Sample.Json(text, Files));

    [Theory]
    [InlineData("a { include \"disk\" }", """{"a":{"size":10,"label":"d10"}}""")]
    [InlineData("a { include \"disk\" }, a.size = 42", """{"a":{"size":42,"label":"d42"}}""")]
    [InlineData("a.b { c { include \"disk\" } }, size = 1", """{"a":{"b":{"c":{"size":10,"label":"d10"}}},"size":1}""")]
    [InlineData("b = ${a}, a { include \"disk\" }", """{"b":{"size":10,"label":"d10"},"a":{"size":10,"label":"d10"}}""")]
    public void A_substitution_in_an_included_file_is_relative_to_where_it_was_included(string text, string json) =>
        Assert.Equal(json, Sample.Json(text, Files));

    [Fact]
    public void A_substitution_in_an_included_file_falls_back_to_the_root() =>
        Assert.Equal(
            """{"a":{"name":"dom-x"},"id":"x"}""", Sample.Json("a { include \"n\" }, id = x", ("n.conf", "name = dom-${id}")));

    [Fact]
    public void Nested_includes_look_in_every_enclosing_file_from_inside_out()
    {
        (string, string)[] files = [("outer.conf", "q = outer, inner { include \"inner\" }"), ("inner.conf", "p = ${q}, r = ${r0}")];

        Assert.Equal(
            """{"a":{"q":"outer","inner":{"p":"outer","r":"root"}},"q":"root","r0":"root"}""",
            Sample.Json("a { include \"outer\" }, q = root, r0 = root", files));
    }

    [Fact]
    public void A_self_reference_in_an_included_file_looks_back_to_the_including_one() =>
        Assert.Equal(
            """{"a":{"path":"/bin:/x"}}""", Sample.Json("a { path = /bin, include \"i\" }", ("i.conf", "path = ${path}\":/x\"")));

    [Fact]
    public void Plus_equals_reaches_across_an_include() =>
        Assert.Equal("""{"a":{"l":[1,2,3]}}""", Sample.Json("a { l = [1], include \"i\", l += 3 }", ("i.conf", "l += 2")));

    [Theory]
    [InlineData("include required(\"no\")", "t.conf:1:9: expected the required file \"no\" but found none")]
    [InlineData("a { include required(file(\"no.conf\")) }", "t.conf:1:13: expected the required file \"no.conf\" but found none")]
    [InlineData("include url(\"http://x/y\")", "t.conf:1:9: expected a file to include but found url(...); URLs are not read")]
    [InlineData("include required(url(\"x\"))", "t.conf:1:9: expected a file to include but found url(...); URLs are not read")]
    [InlineData("include \"http://x/y.conf\"", "t.conf:1:9: expected a file to include but found a URL; URLs are not read")]
    [InlineData("include classpath(\"x\")", "t.conf:1:9: expected a file to include but found classpath(...); there is no class path")]
    [InlineData("include \"\"", "t.conf:1:9: expected a file to include but found an empty name")]
    [InlineData("include file(\"disk\"", "t.conf:1:20: expected ')' after the included file's name but found end of file")]
    [InlineData("include \"disk\" x", "t.conf:1:16: expected ',', a new line or end of file but found 'x'")]
    [InlineData("include \"list\"", "list.conf:1:1: expected an object at the root of a file included at t.conf:1:9 but found a list")]
    [InlineData("include \"broken\"", "broken.conf:2:6: expected '}' but found end of file")]
    public void A_wrong_include_is_reported_at_its_place(string text, string message) => Assert.Equal(message, Sample.Error(text, Files));

    [Theory]
    [InlineData("include disk")]
    [InlineData("include = 5")]
    [InlineData("include ${x}")]
    [InlineData("include package(\"x\")")]
    public void Include_wants_a_quoted_name(string text) => Assert.Contains("a quoted file name, file(\"...\")", Sample.Error(text, Files));

    [Fact]
    public void An_include_cycle_is_named_by_its_files()
    {
        (string, string)[] files = [("a.conf", "include \"b\""), ("b.conf", "\n include \"c\""), ("c.conf", "x { include \"./b\" }")];

        Assert.Equal("c.conf:1:13: expected no include cycle but found b.conf -> c.conf -> b.conf", Sample.Error("include \"a\"", files));
        Assert.Equal("t.conf:1:9: expected no include cycle but found t.conf -> t.conf", Sample.Error("include \"t\""));
    }

    [Fact]
    public void Doubling_includes_end_in_an_error()
    {
        var files = Enumerable.Range(0, 30).Select(i => ($"f{i}.conf", $"include \"f{i + 1}\", a {{ include \"f{i + 1}\" }}")).ToArray();

        Assert.Contains("included files but found more", Sample.Error("include \"f0\"", [.. files, ("f30.conf", "x = 1")]));
    }

    [Fact]
    public void Long_include_chains_end_in_an_error()
    {
        var files = Enumerable.Range(0, 100).Select(i => ($"f{i}.conf", $"include \"f{i + 1}\"")).ToArray();

        Assert.Contains("files including each other", Sample.Error("include \"f0\"", files));
    }

    [Fact]
    public void Files_are_found_beside_the_including_file()
    {
        var folder = Directory.CreateTempSubdirectory("hocon");
        try
        {
            var main = Path.Combine(folder.FullName, "main.conf");
            Directory.CreateDirectory(Path.Combine(folder.FullName, "sub"));
            File.WriteAllText(main, "include \"sub/a\"\ninclude \"gone\"");
            File.WriteAllText(Path.Combine(folder.FullName, "sub", "a.conf"), "a = 1, include \"b.json\"");
            File.WriteAllText(Path.Combine(folder.FullName, "sub", "b.json"), "{ \"b\": \"ü\" }");

            var at = HoconConfig.Load(main);

            Assert.Equal("""{"a":1,"b":"ü"}""", at.ToJson());
            Assert.Equal($"{folder.FullName}/sub/b.json:1:8", at.Get("b").Origin.ToString());
            File.WriteAllBytes(Path.Combine(folder.FullName, "gone.conf"), [0x61, 0x3d, 0xff]);
            var error = Assert.Throws<HoconException>(() => HoconConfig.Load(main));
            Assert.EndsWith("gone.conf: expected UTF-8 but found other bytes", error.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_missing_main_file_is_one_line()
    {
        var error = Assert.Throws<HoconException>(() => HoconConfig.Load("no/such.conf"));

        Assert.Equal("no/such.conf: expected a configuration file but found none", error.Message);
        Assert.Null(HoconDocument.TryLoad("no/such.conf"));
    }
}
