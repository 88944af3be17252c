namespace XenActors.Hocon.Tests;

public sealed class GetterTests
{
    private static readonly HoconObject At = HoconConfig.Parse(
        """
        name = web, count = 42, big = 9000000000, ratio = 2.5, flag = on
        text-number = "17", whole = 3.0, thousand = 1e3, huge = 1e40, nothing = null
        disk { size = 30 GiB, "odd.key" = 1 }
        ports = [80, "443"], mixed = [1, x], disks = [{ n = 1 }, { n = two }]
        numbered { 1 = b, 0 = a, x = c }
        """,
        "vm.conf");

    [Fact]
    public void Values_are_converted_as_the_specification_says()
    {
        Assert.Equal("web", At.GetString("name"));
        Assert.Equal("42", At.GetString("count"));
        Assert.Equal("on", At.GetString("flag"));
        Assert.Equal(42, At.GetInt("count"));
        Assert.Equal(17, At.GetInt("text-number"));
        Assert.Equal(3, At.GetInt("whole"));
        Assert.Equal(1000, At.GetLong("thousand"));
        Assert.Equal(9_000_000_000, At.GetLong("big"));
        Assert.Equal(2.5, At.GetDouble("ratio"));
        Assert.Equal(1e40, At.GetDouble("huge"));
        Assert.True(At.GetBool("flag"));
        Assert.Equal(1, At.GetInt("disk.\"odd.key\""));
        Assert.Equal(1, At.GetObject("disk").GetInt("\"odd.key\""));
        Assert.Equal([80, 443], At.GetIntList("ports"));
        Assert.Equal(["80", "443"], At.GetStringList("ports"));
        Assert.Equal([80L, 443L], At.GetLongList("ports"));
        Assert.Equal([80.0, 443.0], At.GetDoubleList("ports"));
        Assert.Equal(["a", "b"], At.GetStringList("numbered"));
        Assert.Equal(1, At.GetObjectList("disks")[0].GetInt("n"));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("on", true)]
    [InlineData("\"true\"", true)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    public void Six_words_are_booleans(string text, bool value) => Assert.Equal(value, Sample.Config("b = " + text).GetBool("b"));

    [Theory]
    [InlineData("name", "vm.conf:1:8: expected an integer at 'name' but found string \"web\"")]
    [InlineData("ratio", "vm.conf:1:51: expected an integer at 'ratio' but found number 2.5")]
    [InlineData("nothing", "vm.conf:2:73: expected an integer at 'nothing' but found null")]
    [InlineData("big", "vm.conf:1:31: expected an integer from -2147483648 to 2147483647 at 'big' but found number 9000000000")]
    [InlineData("huge", "vm.conf:2:57: expected an integer of 64 bits at 'huge' but found number 1e40")]
    [InlineData("disk", "vm.conf:3:6: expected an integer at 'disk' but found object with key size")]
    [InlineData("ports", "vm.conf:4:9: expected an integer at 'ports' but found list of 2")]
    [InlineData("absent", "vm.conf:1:1: expected a value at 'absent' but found none")]
    [InlineData("disk.absent", "vm.conf:3:6: expected a value at 'disk.absent' but found none")]
    [InlineData("name.deeper", "vm.conf:1:1: expected a value at 'name.deeper' but found none")]
    public void A_wrong_value_is_reported_with_place_path_expectation_and_finding(string path, string message)
    {
        var error = Assert.Throws<HoconException>(() => At.GetInt(path));

        Assert.Equal(message, error.Message);
        Assert.Equal($"{error.Origin}: {error.Problem}", error.Message);
    }

    [Fact]
    public void Each_getter_names_what_it_expected()
    {
        AssertError(
            "vm.conf:1:8: expected a boolean (true, yes, on, false, no, off) at 'name' but found string \"web\"", () => At.GetBool("name"));
        AssertError("vm.conf:1:8: expected a number at 'name' but found string \"web\"", () => At.GetDouble("name"));
        AssertError("vm.conf:1:8: expected a list at 'name' but found string \"web\"", () => At.GetList("name"));
        AssertError("vm.conf:1:8: expected an object at 'name' but found string \"web\"", () => At.GetObject("name"));
        AssertError("vm.conf:4:9: expected a string at 'ports' but found list of 2", () => At.GetString("ports"));
        AssertError("vm.conf:2:73: expected a string at 'nothing' but found null", () => At.GetString("nothing"));
        AssertError("vm.conf:3:6: expected a list at 'disk' but found object with key size", () => At.GetList("disk"));
        AssertError("vm.conf:4:34: expected an integer at 'mixed[1]' but found string \"x\"", () => At.GetIntList("mixed"));
    }

    [Fact]
    public void An_error_below_a_sub_object_names_the_whole_path()
    {
        AssertError(
            "vm.conf:3:15: expected an integer at 'disk.size' but found string \"30 GiB\"", () => At.GetObject("disk").GetInt("size"));
        AssertError(
            "vm.conf:4:64: expected an integer at 'disks[1].n' but found string \"two\"", () => At.GetObjectList("disks")[1].GetInt("n"));
    }

    [Fact]
    public void Try_getters_answer_false_for_absent_and_null_but_not_for_wrong()
    {
        Assert.True(At.TryGetInt("count", out var count) && count == 42);
        Assert.False(At.TryGetInt("absent", out _));
        Assert.False(At.TryGetString("nothing", out _));
        Assert.False(At.TryGetLong("name.deeper", out _));
        Assert.True(At.TryGetObject("disk", out var disk) && disk.TryGetBytes("size", out var size) && size == 30L << 30);
        Assert.True(At.TryGetList("ports", out var ports) && ports.Count == 2);
        Assert.True(At.TryGetBool("flag", out var flag) && flag);
        Assert.True(At.TryGetDouble("ratio", out var ratio) && ratio > 2);
        Assert.Throws<HoconException>(() => At.TryGetDurationNs("name", out _));
    }

    [Fact]
    public void Has_means_present_and_not_null()
    {
        Assert.True(At.Has("disk.size"));
        Assert.False(At.Has("nothing"));
        Assert.False(At.Has("disk.none"));
        Assert.True(At.Get("nothing").IsNull);
    }

    [Fact]
    public void Keys_stand_in_the_order_of_their_first_mention()
    {
        Assert.Equal(["z", "a", "m"], Sample.Config("z = 1, a = 2, m = 3, a = 4, z = 5").Keys);
        Assert.Equal(["z", "a"], Sample.Config("o = ${b} { a = 1 }, b { z = 1 }").GetObject("o").Keys);
    }

    [Fact]
    public void A_fallback_fills_in_what_is_missing()
    {
        var high = Sample.Config("a { x = 1 }, b = 5, n = null, l = [1]");
        var low = Sample.Config("b { y = 1 }, a { y = 2, x = 3 }, n = 1, l = [2, 3], c = 7");

        Assert.Equal("""{"b":5,"a":{"y":2,"x":1},"n":null,"l":[1],"c":7}""", high.WithFallback(low).ToJson());
        Assert.Equal("""{"a":{"x":1},"b":5,"n":null,"l":[1]}""", high.ToJson());
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData("")]
    [InlineData("a.")]
    [InlineData("a.\"b")]
    [InlineData("\"a\" : b")]
    public void A_broken_path_expression_is_an_error(string path) => Assert.Throws<HoconException>(() => At.Has(path));

    [Fact]
    public void A_path_is_formatted_so_that_it_reads_back()
    {
        string[] keys = ["a", "b.c", "", "d e", "f\"g", "h-1_2"];

        Assert.Equal("a.\"b.c\".\"\".\"d e\".\"f\\\"g\".h-1_2", HoconPath.Format(keys));
        Assert.Equal(keys, HoconPath.Parse(HoconPath.Format(keys)));
    }

    [Fact]
    public void Every_value_knows_where_it_was_written()
    {
        const string text = "a = 1\n  b { c = [ x,\n y ] }\nd = ${b.c}\ne = x ${a}\ninclude \"i\"";
        var at = HoconConfig.Parse(text, "t.conf", Sample.Files(("i.conf", "\nf = 1")));

        Assert.Equal("t.conf:1:5", at.Get("a").Origin.ToString());
        Assert.Equal("t.conf:2:5", at.Get("b").Origin.ToString());
        Assert.Equal("t.conf:2:11", at.Get("b.c").Origin.ToString());
        Assert.Equal(new HoconOrigin("t.conf", 3, 2), at.GetList("b.c")[1].Origin);
        Assert.Equal("t.conf:2:11", at.Get("d").Origin.ToString());
        Assert.Equal("t.conf:5:5", at.Get("e").Origin.ToString());
        Assert.Equal("i.conf:2:5", at.Get("f").Origin.ToString());
    }

    private static void AssertError(string message, Func<object?> get) => Assert.Equal(message, Assert.Throws<HoconException>(get).Message);
}
