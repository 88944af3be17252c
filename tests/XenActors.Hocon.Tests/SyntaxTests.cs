namespace XenActors.Hocon.Tests;

public sealed class SyntaxTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("  # only a remark", "{}")]
    [InlineData("{}", "{}")]
    [InlineData("[]", "[]")]
    [InlineData("{ disk { size : 3 } }", """{"disk":{"size":3}}""")]
    [InlineData("disk { size = 3 }", """{"disk":{"size":3}}""")]
    [InlineData("disk\n\n{ size\n=\n\n3 }", """{"disk":{"size":3}}""")]
    [InlineData("\ufeffa = 1", """{"a":1}""")]
    [InlineData("a = 1\r\nb = 2\r\n", """{"a":1,"b":2}""")]
    [InlineData("a\u00a0=\u20031\u2028", """{"a":1}""")]
    public void Braces_and_separators_may_be_left_out(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Theory]
    [InlineData("a = 1 // one\n# two\nb = 2 # three", """{"a":1,"b":2}""")]
    [InlineData("a = x//y", """{"a":"x"}""")]
    [InlineData("a = x/y", """{"a":"x/y"}""")]
    [InlineData("a = \"x//y#z\"", """{"a":"x//y#z"}""")]
    [InlineData("a // key\n = # sign\n 1", """{"a":1}""")]
    [InlineData("[1 // one\n# between\n2]", "[1,2]")]
    public void Comments_end_with_the_line_and_do_not_begin_in_quotes(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Theory]
    [InlineData("[1,2,3,]", "[1,2,3]")]
    [InlineData("[1\n2\n\n3\n]", "[1,2,3]")]
    [InlineData("[1\n,2\n,\n3]", "[1,2,3]")]
    [InlineData("a=1,b=2,", """{"a":1,"b":2}""")]
    [InlineData("{a=1\nb=2\n,c=3}", """{"a":1,"b":2,"c":3}""")]
    [InlineData("[[1 2] [3]\n[4]]", """[["1 2",3],[4]]""")]
    public void A_comma_or_a_new_line_parts_items(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Theory]
    [InlineData("[1,2,3,,]", "t.conf:1:8: expected a value but found ','")]
    [InlineData("[,1]", "t.conf:1:2: expected a value but found ','")]
    [InlineData("a=1,,b=2", "t.conf:1:5: expected a key but found ','")]
    [InlineData("{,a=1}", "t.conf:1:2: expected a key but found ','")]
    [InlineData("a = { b = 1\nc = 2", "t.conf:2:6: expected '}' but found end of file")]
    [InlineData("a = [1, 2", "t.conf:1:10: expected ']' but found end of file")]
    [InlineData("a = 1 }", "t.conf:1:7: expected ',', a new line or end of file but found '}'")]
    [InlineData("}", "t.conf:1:1: expected a key but found '}'")]
    [InlineData("{ a = 1 } b = 2", "t.conf:1:11: expected end of file but found 'b'")]
    [InlineData("a = 1 b = 2", "t.conf:1:9: expected ',', a new line or end of file but found '='")]
    [InlineData("a = ", "t.conf:1:5: expected a value but found end of file")]
    [InlineData("a", "t.conf:1:2: expected ':', '=', '+=' or '{' after key 'a' but found end of file")]
    [InlineData("a ] 1", "t.conf:1:3: expected ':', '=', '+=' or '{' after key 'a' but found ']'")]
    [InlineData("= 1", "t.conf:1:1: expected a key but found '='")]
    [InlineData("a = @home", "t.conf:1:5: expected a key or a value but found '@', which must stand in quotes")]
    [InlineData("a = b*c", "t.conf:1:6: expected a key or a value but found '*', which must stand in quotes")]
    [InlineData("a = x$y", "t.conf:1:6: expected a key or a value but found '$', which must stand in quotes")]
    [InlineData("a + 1", "t.conf:1:3: expected a key or a value but found '+', which must stand in quotes")]
    public void A_mistake_says_where_and_what_was_expected(string text, string message) => Assert.Equal(message, Sample.Error(text));

    [Fact]
    public void A_list_at_the_root_is_a_value_but_not_a_configuration()
    {
        var document = HoconDocument.Parse("\n [1]", "t.conf");

        Assert.Equal("[1]", document.ResolveValue().ToJson());
        Assert.Equal(
            "t.conf:2:2: expected an object at the root but found a list", Assert.Throws<HoconException>(() => document.Resolve()).Message);
    }

    [Fact]
    public void Every_forbidden_character_is_refused_outside_of_quotes()
    {
        foreach (var c in "$:=+`^?!@*&\\")
        {
            Assert.Throws<HoconException>(() => Sample.Json($"a = x{c}y"));
            Assert.Equal("x" + c, Sample.Config($"a = x{(c == '\\' ? "\"\\\\\"" : $"\"{c}\"")}").GetString("a"));
        }
    }
}
