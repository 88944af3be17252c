namespace XenActors.Hocon.Tests;

public sealed class PropertiesTests
{
    [Theory]
    [InlineData("a = 1\nb:2\nc 3\nd\n", """{"a":"1","b":"2","c":"3","d":""}""")]
    [InlineData("# no\n! no\n  a.b = x y # z\n", """{"a":{"b":"x y # z"}}""")]
    [InlineData("a=hello\na.b=world", """{"a":{"b":"world"}}""")]
    [InlineData("a.b=world\na=hello", """{"a":{"b":"world"}}""")]
    [InlineData(".=x\na.=y", """{"":{"":"x"},"a":{"":"y"}}""")]
    [InlineData("a = one \\\n   two\\\n three", """{"a":"one twothree"}""")]
    [InlineData("a\\=b = \\u0041\\tc\\q\\\\", """{"a=b":"A\tcq\\"}""")]
    [InlineData("a = ${b}\nb=true", """{"a":"${b}","b":"true"}""")]
    public void Properties_become_objects_of_strings(string text, string json) =>
        Assert.Equal(json, Sample.Json("include \"p.properties\"", ("p.properties", text)));

    [Fact]
    public void A_broken_escape_is_reported() =>
        Assert.Equal(
            "p.properties:2:3: expected four hexadecimal digits after '\\u' but found others",
            Sample.Error("include \"p\"", ("p.properties", "a=1\n  b=\\u00g0")));

    [Fact]
    public void Numbered_properties_are_a_list_when_one_is_wanted()
    {
        var at = HoconConfig.Parse("include \"p\"", "t.conf", Sample.Files(("p.properties", "l.2=b\nl.0=a\nl.10=c")));

        Assert.Equal(["a", "b", "c"], at.GetStringList("l"));
    }
}
