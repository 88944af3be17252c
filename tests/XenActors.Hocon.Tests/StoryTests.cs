namespace XenActors.Hocon.Tests;

/// <summary>Longer stories, in which several rules meet.</summary>
public sealed class StoryTests
{
    [Theory]
    [InlineData("a = 1, b = ${a}, a = ${b}", """{"a":1,"b":1}""")]
    [InlineData("a = 1, b = ${c}, c = ${a}, a = ${b}", """{"a":1,"b":1,"c":1}""")]
    [InlineData("a { b = 1 }, a = ${a} { b = ${a.b}2 }", """{"a":{"b":"12"}}""")]
    [InlineData("a = ${x}, a { b = ${a.c} }, x { c = 2 }", """{"a":{"c":2,"b":2},"x":{"c":2}}""")]
    [InlineData("a { k { p = 1 } }, b = ${a.k} { q = 2 }, c = ${b} { r = ${c.q} }, d = ${c.r}",
        """{"a":{"k":{"p":1}},"b":{"p":1,"q":2},"c":{"p":1,"q":2,"r":2},"d":2}""")]
    [InlineData("l = [{ n = ${x} }, { n = ${l2} }], x = 1, l2 = [${x}]", """{"l":[{"n":1},{"n":[1]}],"x":1,"l2":[1]}""")]
    [InlineData("a = ${b}, a = null, a { x = 1 }, b { y = 2 }", """{"a":{"x":1},"b":{"y":2}}""")]
    [InlineData("a { x = ${a.y}, y = ${a.z}, z = 3 }", """{"a":{"x":3,"y":3,"z":3}}""")]
    [InlineData("o { 1 = b, 0 = a }, l = ${o} [c]", """{"o":{"1":"b","0":"a"},"l":["a","b","c"]}""")]
    public void Substitutions_merges_and_look_back_work_together(string text, string json) => Assert.Equal(json, Sample.Json(text));

    [Fact]
    public void A_host_inherits_its_disks_from_a_shared_file()
    {
        (string, string)[] files =
        [
            ("lib/defaults.conf", "disk { size = 10 GiB, label = \"disk-\"${name} }\nname = none\nextra = [a]"),
            ("lib/kernel.properties", "kernel.version=6.1\nkernel.args.0=quiet\nkernel.args.1=ro"),
        ];

        var json = Sample.Json(
            """
            name = lab
            web {
              include "lib/defaults"
              include "lib/kernel"
              name = web1
              disk.size = 20 GiB
              extra += b
            }
            db = ${web} { name = db1, extra = ${web.extra} [c] }
            title = ${name}"/"${web.name} v${web.kernel.version}
            """,
            files);

        Assert.Equal(
            """{"name":"lab","web":{"disk":{"size":"20 GiB","label":"disk-web1"},"name":"web1","extra":["a","b"],"""
            + "\"kernel\":{\"version\":\"6.1\",\"args\":{\"0\":\"quiet\",\"1\":\"ro\"}}},"
            + "\"db\":{\"disk\":{\"size\":\"20 GiB\",\"label\":\"disk-web1\"},\"name\":\"db1\",\"extra\":[\"a\",\"b\",\"c\"],"
            + "\"kernel\":{\"version\":\"6.1\",\"args\":{\"0\":\"quiet\",\"1\":\"ro\"}}},"
            + "\"title\":\"lab/web1 v6.1\"}",
            json);
    }
}
