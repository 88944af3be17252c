using System.Reflection;

namespace XenActors.Abi.Tests;

public sealed class LayoutTests
{
    public static TheoryData<string> Types()
    {
        var data = new TheoryData<string>();
        foreach (var type in typeof(DomId).Assembly.GetTypes().Where(t => t.GetCustomAttribute<XenLayoutAttribute>() is not null).OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            data.Add(type.Name);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_offset_and_size_is_the_c_compilers(string typeName)
    {
        var type = typeof(DomId).Assembly.GetType("XenActors.Abi." + typeName)!;
        var layout = type.GetCustomAttribute<XenLayoutAttribute>()!;
        var structure = layout.Structure;
        var figures = XenHeaders.Figures(XenHeaders.Structure(structure, layout.Bits));
        var compared = 0;
        foreach (var constant in type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral))
        {
            Assert.True(figures.TryGetValue(XenHeaders.Plain(constant.Name), out var expected), $"{structure} has no {constant.Name}");
            Assert.True(expected == Convert.ToInt64(constant.GetRawConstantValue()), $"{typeName}.{constant.Name}: {constant.GetRawConstantValue()}, Xen has {expected}");
            compared++;
        }

        Assert.True(compared > 1, "nothing was compared");
    }

    [Fact]
    public void Every_structure_of_events_and_grants_is_restated()
    {
        var restated = typeof(DomId).Assembly.GetTypes().Select(t => t.GetCustomAttribute<XenLayoutAttribute>())
            .Where(l => l is not null).Select(l => $"{l!.Structure} {l.Bits}").ToHashSet();

        // Cache maintenance is Arm's.
        var left = XenHeaders.EventsAndGrants.Where(s => !restated.Contains(s) && s != "struct gnttab_cache_flush 64");
        Assert.Empty(left);
        Assert.Contains("struct evtchn_status 64", XenHeaders.EventsAndGrants);
        Assert.Contains("struct shared_info 32", XenHeaders.EventsAndGrants);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void What_a_value_writes_it_reads_back(string typeName)
    {
        var type = typeof(DomId).Assembly.GetType("XenActors.Abi." + typeName)!;
        var read = type.GetMethod("Read");
        if (read is null) return; // a page, not a value
        var check = typeof(LayoutTests).GetMethod(nameof(RoundTrip), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);
        check.Invoke(null, [(int)type.GetField("SizeOf")!.GetRawConstantValue()!]);
    }

    private delegate T Reader<T>(ReadOnlySpan<byte> from);

    private delegate void Writer<T>(ref T value, Span<byte> to);

    private static void RoundTrip<T>(int size) where T : struct
    {
        var bytes = Enumerable.Range(1, size).Select(i => unchecked((byte)(i * 37))).ToArray();
        var read = typeof(T).GetMethod("Read")!.CreateDelegate<Reader<T>>();
        var write = typeof(T).GetMethod("WriteTo")!.CreateDelegate<Writer<T>>();
        var value = read(bytes);
        var copy = new byte[size];
        write(ref value, copy);
        Assert.Equal(value, read(copy));
        Assert.NotEqual(default, value);
    }
}
