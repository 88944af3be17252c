namespace XenActors.Hocon.Tests;

public sealed class SubstitutionTests
{
    [Theory]
    [InlineData("a = 1, b = ${a}", """{"a":1,"b":1}""")]
    [InlineData("b = ${a.x}, a { x = [1] }", """{"b":[1],"a":{"x":[1]}}""")]
    [InlineData("a = 1, b = ${a}, a = 2", """{"a":2,"b":2}""")]
    [InlineData("a = null, b = ${a}, c = <${a}>", """{"a":null,"b":null,"c":"<null>"}""")]
    [InlineData("\"x.y\" = 1, b = ${\"x.y\"}", """{"x.y":1,"b":1}""")]
    [InlineData("a b = 1, b = ${ a b }", """{"a b":1,"b":1}""")]
    [InlineData("n = 007, v = ${n}-${n}${n}", """{"n":"007","v":"007-007007"}""")]
    [InlineData("n = 2.50, v = ${n} GiB", """{"n":2.50,"v":"2.50 GiB"}""")]
    [InlineData("a = [1], b = [0] ${a} ${a}", """{"a":[1],"b":[0,1,1]}""")]
    [InlineData("a = [${b}, ${b}x], b = 1", """{"a":[1,"1x"],"b":1}""")]
    [InlineData("v = \"${a}\"", """{"v":"${a}"}""")]
    [InlineData("base { x = 1, y = 1 }, a = ${base} { y = 2 }", """{"base":{"x":1,"y":1},"a":{"x":1,"y":2}}""")]
    [InlineData("base { x = 1 }, a = ${base}, a.y = 2", """{"base":{"x":1},"a":{"x":1,"y":2}}""")]
    [InlineData("base { x = 1 }, a { x = 0, z = 0 }, a = ${base}, a.y = 2", """{"base":{"x":1},"a":{"x":1,"z":0,"y":2}}""")]
    [InlineData("base { x = 1 }, a = ${base}, base.x = 5", """{"base":{"x":5},"a":{"x":5}}""")]
    [InlineData("a = ${b}, b = ${c}, c = 7", """{"a":7,"b":7,"c":7}""")]
    public void A_substitution_sees_the_final_value(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Theory]
    [InlineData("a = ${?no}", "{}")]
    [InlineData("a = 1, a = ${?no}", """{"a":1}""")]
    [InlineData("a { x = 1 }, a = ${?no}, a { y = 2 }", """{"a":{"x":1,"y":2}}""")]
    [InlineData("a = [1, ${?no}, 2]", """{"a":[1,2]}""")]
    [InlineData("a = ${?no}${?nor}", "{}")]
    [InlineData("a = ${?no} ${?nor}", "{}")]
    [InlineData("a = ${?no}x", """{"a":"x"}""")]
    [InlineData("a = ${?no}5", """{"a":"5"}""")]
    [InlineData("a = ${?no} x", """{"a":" x"}""")]
    [InlineData("a = ${?no} [1]", """{"a":[1]}""")]
    [InlineData("a = { x = 1 } ${?no}", """{"a":{"x":1}}""")]
    [InlineData("a = 1, b = ${?a.x}", """{"a":1}""")]
    [InlineData("a = ${?b}, b = ${?c}", "{}")]
    public void An_undefined_optional_substitution_leaves_no_trace(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Theory]
    [InlineData("a = ${no}", "t.conf:1:5: expected a value at 'no' for ${no} but found none")]
    [InlineData("a = [1, x ${a.b.\"c d\"}]", "t.conf:1:11: expected a value at 'a.b.\"c d\"' for ${a.b.\"c d\"} but found none")]
    [InlineData("a = ${b", "t.conf:1:8: expected '}' to close the substitution but found end of file")]
    [InlineData("a = ${b\n}", "t.conf:1:8: expected '}' to close the substitution but found end of line")]
    [InlineData("a = ${b ${c}}", "t.conf:1:9: expected '}' to close the substitution but found '${'")]
    [InlineData("a = ${ ?b}", "t.conf:1:8: expected a key or a value but found '?', which must stand in quotes")]
    public void A_missing_or_broken_substitution_is_reported_at_its_dollar_or_fault(string text, string message) =>
        Assert.Equal(message, Sample.Error(text));

    [Theory]
    [InlineData("path = \"/a\"\npath = ${path}\":/x\"", """{"path":"/a:/x"}""")]
    [InlineData("path = a\npath = ${path}b\npath = ${path}c${path}", """{"path":"abcab"}""")]
    [InlineData("a = ${?a} [1]", """{"a":[1]}""")]
    [InlineData("a = ${?a}foo", """{"a":"foo"}""")]
    [InlineData("a = ${?a}", "{}")]
    [InlineData("a = [0]\na = ${a} [1]\na = [-1] ${a}", """{"a":[-1,0,1]}""")]
    [InlineData("a { x = 1 }\na = ${a} { y = 2 }", """{"a":{"x":1,"y":2}}""")]
    [InlineData("a { x = 1 }\na = ${a}", """{"a":{"x":1}}""")]
    [InlineData("a { p = u }\na { p = ${a.p}v }\na.p = ${a.p}w", """{"a":{"p":"uvw"}}""")]
    [InlineData("foo { a { c = 1 } }\nfoo = ${foo.a}\nfoo { a = 2 }", """{"foo":{"a":2,"c":1}}""")]
    [InlineData("a = ${a}, a = 42", """{"a":42}""")]
    [InlineData("a = ${nowhere}, a = 42", """{"a":42}""")]
    [InlineData("base { p = u }\na = ${base}\na.p = ${a.p}v", """{"base":{"p":"u"},"a":{"p":"uv"}}""")]
    [InlineData("a = 1, b = 2, a = ${b}, b = ${a}", """{"a":1,"b":1}""")]
    public void A_self_reference_looks_back(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Theory]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }, bar { foo = 43 }", """{"bar":{"foo":43,"baz":43}}""")]
    [InlineData(
        "bar { a = ${foo.d}, b = 1 }, bar.b = 3, foo { c = ${bar.b}, d = 2 }, foo.d = 4",
        """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    [InlineData("a = ${b} { n = ${a.id} }, b { id = 5 }", """{"a":{"id":5,"n":5},"b":{"id":5}}""")]
    [InlineData("a { b = ${?a.c}, c = ${?a.b} }", """{"a":{}}""")]
    public void Objects_may_refer_into_themselves_and_each_other(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Theory]
    [InlineData(
        "bar = ${foo}\nfoo = ${bar}",
        "t.conf:2:7: expected no cycle of substitutions but found ${foo} (t.conf:1:7) -> ${bar} (t.conf:2:7) -> the first")]
    [InlineData(
        "a = ${b}\nb = x${c}\nc = ${a}y",
        "t.conf:3:5: expected no cycle of substitutions but found "
        + "${b} (t.conf:1:5) -> ${c} (t.conf:2:6) -> ${a} (t.conf:3:5) -> the first")]
    [InlineData(
        "a = ${a}",
        "t.conf:1:5: expected an earlier value that ${a} (t.conf:1:5) can refer back to but found none: it refers to itself")]
    [InlineData("a = { b = ${a} }", "t.conf:1:11: expected no cycle but found that 'a.b' contains itself through ${a}")]
    [InlineData("a = [${a}]", "t.conf:1:6: expected no cycle but found that 'a[0]' contains itself through ${a}")]
    [InlineData("a { b = ${c} }, c { d = ${a} }", "t.conf:1:25: expected no cycle but found that 'a.b.d' contains itself through ${a}")]
    public void A_cycle_is_an_error_that_names_its_links(string text, string message) => Assert.Equal(message, Sample.Error(text));

    [Fact]
    public void A_self_reference_before_any_value_is_undefined_even_if_a_value_follows()
    {
        Assert.Contains("it refers to itself", Sample.Error("foo = ${foo}\nfoo { a = 1 }"));
    }

    [Fact]
    public void An_optional_cycle_is_undefined() => Assert.Equal("""{"c":1}""", Sample.Json("a = ${?b}, b = ${?a}, c = 1"));

    [Fact]
    public void Documents_are_layered_before_their_substitutions_are_resolved()
    {
        var reference = HoconDocument.Parse("root = /srv, log = ${root}/log, pool { min = 1, max = 2 }, list = [1]", "reference.conf");
        var mine = HoconDocument.Parse("root = /opt, pool { max = 9 }, list = ${list} [2]", "mine.conf");

        Assert.Equal(
            """{"root":"/opt","log":"/opt/log","pool":{"min":1,"max":9},"list":[1,2]}""",
            mine.WithFallback(reference).Resolve().ToJson());
    }

    [Fact]
    public void Layering_changes_neither_document()
    {
        var low = HoconDocument.Parse("a { x = 1 }, b = ${a.x}");
        var high = HoconDocument.Parse("a { x = 2 }");

        high.WithFallback(low).Resolve();

        Assert.Equal("""{"a":{"x":1},"b":1}""", low.Resolve().ToJson());
        Assert.Equal("""{"a":{"x":2}}""", high.Resolve().ToJson());
    }
}
