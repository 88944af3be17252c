namespace XenActors.Hocon.Tests;

public sealed class KeyTests
{
    [Theory]
    [InlineData("a.b.c = 1", """{"a":{"b":{"c":1}}}""")]
    [InlineData("a.\"b.c\".d = 1", """{"a":{"b.c":{"d":1}}}""")]
    [InlineData("a.\"\".b = 1", """{"a":{"":{"b":1}}}""")]
    [InlineData("\"\" = 1", """{"":1}""")]
    [InlineData("3.14 = 1", """{"3":{"14":1}}""")]
    [InlineData("10.0foo = 1", """{"10":{"0foo":1}}""")]
    [InlineData("foo\"10.0\" = 1", """{"foo10.0":1}""")]
    [InlineData("1e+5 = 1", """{"1e+5":1}""")]
    [InlineData("true = 1, null = 2", """{"true":1,"null":2}""")]
    [InlineData("  my long  key  = 1", """{"my long  key":1}""")]
    [InlineData("a b.c d = 1", """{"a b":{"c d":1}}""")]
    [InlineData("a \"b.c\" d = 1", """{"a b.c d":1}""")]
    [InlineData("\"a\".b = 1", """{"a":{"b":1}}""")]
    [InlineData("\"include\" = 1", """{"include":1}""")]
    [InlineData("to include = 1", """{"to include":1}""")]
    [InlineData("a.x = 1, a.y = 2", """{"a":{"x":1,"y":2}}""")]
    [InlineData("vif-mac=1", """{"vif-mac":1}""")]
    public void A_key_is_a_path(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Theory]
    [InlineData("a..b = 1")]
    [InlineData(".a = 1")]
    [InlineData("a. = 1")]
    [InlineData(". = 1")]
    [InlineData("a = ${b..c}")]
    [InlineData("a = ${}")]
    public void An_empty_path_element_must_be_quoted(string text) => Assert.Contains("without empty elements", Sample.Error(text));

    [Fact]
    public void A_key_holds_no_substitution()
    {
        Assert.Equal("t.conf:1:1: expected a key without substitutions but found '${'", Sample.Error("${a} = 1"));
        Assert.Equal("t.conf:1:3: expected ':', '=', '+=' or '{' after key 'a' but found '${'", Sample.Error("a ${b} = 1"));
    }

    [Theory]
    [InlineData("a = 1, a = 2", """{"a":2}""")]
    [InlineData("a { x = 1 }, a { y = 2, x = 3 }", """{"a":{"x":3,"y":2}}""")]
    [InlineData("a { x { p = 1 } }, a { x { q = 2 } }", """{"a":{"x":{"p":1,"q":2}}}""")]
    [InlineData("a { x = 1 }, a = null, a { y = 2 }", """{"a":{"y":2}}""")]
    [InlineData("a { x = 1 }, a = 5, a { y = 2 }", """{"a":{"y":2}}""")]
    [InlineData("a { x = 1 }, a = [1]", """{"a":[1]}""")]
    [InlineData("a = [1], a = [2]", """{"a":[2]}""")]
    [InlineData("a = 1, b = 2, a = 3", """{"a":3,"b":2}""")]
    [InlineData("a = 1, a.b = 2", """{"a":{"b":2}}""")]
    [InlineData("a.b = 2, a = 1", """{"a":1}""")]
    public void A_later_value_wins_and_objects_merge(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Theory]
    [InlineData("a += 1", """{"a":[1]}""")]
    [InlineData("a = [1]\na += 2\na += [3]\na += { x = 4 }", """{"a":[1,2,[3],{"x":4}]}""")]
    [InlineData("a.b += x y\na { b += z }", """{"a":{"b":["x y","z"]}}""")]
    [InlineData("b = [1]\na = ${b}\na += 2\nb += 3", """{"b":[1,3],"a":[1,3,2]}""")]
    [InlineData("a += 1\na = ${a} [2]\na += 3", """{"a":[1,2,3]}""")]
    [InlineData("a += ${?no}\na += 1", """{"a":[1]}""")]
    [InlineData("a = [ { l += 1 } ]", """{"a":[{"l":[1]}]}""")]
    [InlineData("a { 1 = y, 0 = x }\na += z", """{"a":["x","y","z"]}""")]
    public void Plus_equals_appends_to_what_is_there(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Fact]
    public void Plus_equals_on_something_else_than_a_list_is_an_error()
    {
        Assert.Equal("t.conf:2:6: expected a list before '+=' but found number 5 (t.conf:1:5)", Sample.Error("a = 5\na += 1"));
    }
}
