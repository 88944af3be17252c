namespace XenActors.Hocon.Tests;

public sealed class ValueTests
{
    private const string NoEscape =
        "expected an escape (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX) but found another character after '\\'";

    [Theory]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("null", "null")]
    [InlineData("0", "0")]
    [InlineData("-12.50e-3", "-12.50e-3")]
    [InlineData("6e+23", "6e+23")]
    [InlineData("truely", "\"truely\"")]
    [InlineData("10.0bar", "\"10.0bar\"")]
    [InlineData("-x", "\"-x\"")]
    [InlineData("007", "\"007\"")]
    [InlineData("1.", "\"1.\"")]
    [InlineData("1.2.3.4", "\"1.2.3.4\"")]
    [InlineData("phy:x", null)]
    [InlineData("/dev/xvda(1)", "\"/dev/xvda(1)\"")]
    [InlineData("a.b-c_d;e|f%g<h>~'i'", "\"a.b-c_d;e|f%g<h>~'i'\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("include", "\"include\"")]
    public void An_unquoted_word_is_what_json_would_read_or_else_a_string(string text, string? json)
    {
        if (json is null)
        {
            Assert.Throws<HoconException>(() => Sample.Json("v = " + text));
        }
        else
        {
            Assert.Equal($$"""{"v":{{json}}}""", Sample.Json("v = " + text));
        }
    }

    [Fact]
    public void All_json_escapes_are_read()
    {
        Assert.Equal("\"\\/\b\f\n\r\tä𝄞", Sample.Config("""v = "\"\\\/\b\f\n\r\t\u00e4\ud834\udd1e" """).GetString("v"));
    }

    [Theory]
    [InlineData("v = \"abc", "t.conf:1:9: expected '\"' to close the string but found end of file")]
    [InlineData("v = \"abc\n\"", "t.conf:1:9: expected '\"' to close the string but found end of line")]
    [InlineData("v = \"a\tb\"", "t.conf:1:7: expected an escape such as \\u0009 but found a control character in a quoted string")]
    [InlineData("v = \"a\\qb\"", "t.conf:1:7: " + NoEscape)]
    [InlineData("v = \"\\u12", "t.conf:1:6: " + NoEscape)]
    [InlineData("\n v = \"\"\"abc\"\"", "t.conf:2:6: expected '\"\"\"' to close this string but found end of file")]
    public void A_broken_string_is_reported_at_its_fault(string text, string message) => Assert.Equal(message, Sample.Error(text));

    [Theory]
    [InlineData("\"\"\"\"\"\"", "")]
    [InlineData("\"\"\"a\\n\"b\"\"\"", "a\\n\"b")]
    [InlineData("\"\"\"\n  two\n  lines\"\"\"", "\n  two\n  lines")]
    [InlineData("\"\"\"end\"\"\"\"\"", "end\"\"")]
    [InlineData("\"\"\"\"\"both\"\"\"\"", "\"\"both\"")]
    [InlineData("\"\"\"${x}\"\"\"", "${x}")]
    public void Triple_quotes_take_everything_as_it_stands(string text, string value) =>
        Assert.Equal(value, Sample.Config("v = " + text).GetString("v"));

    [Fact]
    public void Lines_are_still_counted_after_a_triple_quoted_string()
    {
        var at = Sample.Config("a = \"\"\"\n\n x\"\"\", b = 2\nc = 3");

        Assert.Equal("t.conf:3:12", at.Get("b").Origin.ToString());
        Assert.Equal("t.conf:4:5", at.Get("c").Origin.ToString());
    }

    [Theory]
    [InlineData("v =  one   two\tthree  ", "\"one   two\\tthree\"")]
    [InlineData("v = null 1 true \"x y\" 2.50", "\"null 1 true x y 2.50\"")]
    [InlineData("v = 1 2", "\"1 2\"")]
    [InlineData("v = \" a \" b", "\" a  b\"")]
    [InlineData("v = a\"b\"c", "\"abc\"")]
    [InlineData("v = 1e5 x", "\"1e5 x\"")]
    [InlineData("v = [a b, c]", "[\"a b\",\"c\"]")]
    [InlineData("v = [1] [2, 3]  [] [4]", "[1,2,3,4]")]
    [InlineData("v = [1,\n2] [3\n]", "[1,2,3]")]
    [InlineData("v = { a = 1, b = 1 } { b = 2 }{ c = 3 }", """{"a":1,"b":2,"c":3}""")]
    [InlineData("v = [1] { 0 = x, 7 = z, 2 = y, q = no }", "[1,\"x\",\"y\",\"z\"]")]
    public void Pieces_on_one_line_are_joined(string text, string json) => Assert.Equal($$"""{"v":{{json}}}""", Sample.Json(text));

    [Theory]
    [InlineData("v = [1] x", "t.conf:1:9: expected ',', a new line or another list but found string \"x\"")]
    [InlineData("v = x { a = 1 }", "t.conf:1:7: expected ',' or a new line before this object but found it joined to string \"x\"")]
    [InlineData("v = [1] { a = 1 }", "t.conf:1:9: expected a list to join to a list but found an object")]
    [InlineData("v = {} [1]", "t.conf:1:5: expected a list to join to a list but found an object")]
    [InlineData("s = x\nv = ${s} [1]", "t.conf:2:5: expected a list to join to a list but found ${s}, which is string \"x\"")]
    [InlineData("s = 5\nv = {} ${s}", "t.conf:2:8: expected an object to join to an object but found ${s}, which is number 5")]
    [InlineData("s = [1]\nv = x${s}", "t.conf:2:5: expected a list to join to a list but found string \"x\"")]
    [InlineData("s = null\nv = ${s}{}", "t.conf:2:5: expected an object to join to an object but found ${s}, which is null")]
    public void Pieces_of_different_kinds_are_refused(string text, string message) => Assert.Equal(message, Sample.Error(text));
}
