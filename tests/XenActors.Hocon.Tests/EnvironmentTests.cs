namespace XenActors.Hocon.Tests;

public sealed class EnvironmentTests
{
    private static readonly HoconOptions WithSome = new()
    {
        EnvironmentFallback = name => name switch
        {
            "XA_HOME" => "/home/xa",
            "XA_EMPTY" => "",
            "xa.port" => "8080",
            "XA_LIST_0" => "p",
            "XA_LIST_1" => "q",
            "XA_LIST_3" => "never",
            _ => null,
        },
    };

    [Fact]
    public void The_process_environment_is_not_read_by_default()
    {
        // PATH is set wherever tests run.
        Assert.False(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PATH")));
        Assert.Equal("{}", HoconConfig.Parse("a = ${?PATH}").ToJson());
        Assert.Throws<HoconException>(() => HoconConfig.Parse("a = ${PATH}"));
    }

    [Fact]
    public void A_given_lookup_supplies_what_the_document_lacks()
    {
        var at = HoconConfig.Parse("a = ${XA_HOME}/x, b = ${xa.port}, c = [${?XA_EMPTY}], d = ${?XA_NONE}", "t.conf", WithSome);

        Assert.Equal("""{"a":"/home/xa/x","b":"8080","c":[""]}""", at.ToJson());
        Assert.Equal(8080, at.GetInt("b"));
        Assert.Equal("t.conf:1:23", at.Get("b").Origin.ToString());
    }

    [Fact]
    public void The_document_comes_before_the_lookup_and_null_blocks_it() =>
        Assert.Equal(
            """{"XA_HOME":null,"a":null,"xa":{"port":1},"b":1}""",
            HoconConfig.Parse("XA_HOME = null, a = ${XA_HOME}, xa.port = 1, b = ${xa.port}", "t.conf", WithSome).ToJson());

    [Fact]
    public void Empty_brackets_gather_numbered_names_to_a_list()
    {
        var at = HoconConfig.Parse("a = ${XA_LIST[]}, b = ${?XA_NO[]} [1]", "t.conf", WithSome);

        Assert.Equal("""{"a":["p","q"],"b":[1]}""", at.ToJson());
        Assert.Throws<HoconException>(() => HoconConfig.Parse("a = ${XA_NO[]}", "t.conf", WithSome));
        Assert.Equal("t.conf:1:9: expected ']' as in ${path[]} but found '0'", Sample.Error("a = ${b[0]}"));
    }

    [Fact]
    public void An_included_file_asks_by_the_name_it_wrote()
    {
        var options = WithSome with { IncludeResolver = Sample.Files(("i.conf", "h = ${XA_HOME}")).IncludeResolver };

        Assert.Equal("""{"a":{"h":"/home/xa"}}""", HoconConfig.Parse("a { include \"i.conf\" }", "t.conf", options).ToJson());
    }
}
