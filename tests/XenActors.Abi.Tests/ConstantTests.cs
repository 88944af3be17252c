using System.Reflection;

namespace XenActors.Abi.Tests;

public sealed class ConstantTests
{
    // Younger than the 4.17 headers that the data was read from, or ours.
    private static readonly string[] Younger = ["XsWireType.GetFeature", "XsWireType.SetFeature", "XsWireType.GetQuota", "XsWireType.SetQuota"];

    public static TheoryData<string> Types()
    {
        var data = new TheoryData<string>();
        foreach (var type in typeof(DomId).Assembly.GetTypes().Where(t => t.GetCustomAttribute<XenConstantsAttribute>() is not null).OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            data.Add(type.Name);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_constant_is_the_headers(string typeName)
    {
        var type = typeof(DomId).Assembly.GetType("XenActors.Abi." + typeName)!;
        var prefix = type.GetCustomAttribute<XenConstantsAttribute>()!.Prefix;
        var compared = 0;
        foreach (var constant in type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral))
        {
            var value = Convert.ToInt64(constant.GetRawConstantValue());
            var isEmptyFlagSet = constant.Name == "None" && value == 0 && type.GetCustomAttribute<FlagsAttribute>() is not null;
            if (isEmptyFlagSet || Younger.Contains($"{typeName}.{constant.Name}")) continue;
            Assert.True(XenHeaders.Constants.TryGetValue(XenHeaders.Plain(prefix + constant.Name), out var expected), $"Xen has no {prefix}{constant.Name}");
            Assert.True(expected == value, $"{typeName}.{constant.Name}: {value}, Xen has {expected}");
            compared++;
        }

        Assert.True(compared > 0, "nothing was compared");
    }

    [Theory]
    [InlineData("DOMID_SELF", 0x7FF0)]
    [InlineData("DOMID_FIRST_RESERVED", 0x7FF0)]
    [InlineData("DOMID_IO", 0x7FF1)]
    [InlineData("DOMID_XEN", 0x7FF2)]
    [InlineData("DOMID_COW", 0x7FF3)]
    [InlineData("DOMID_INVALID", 0x7FF4)]
    [InlineData("DOMID_IDLE", 0x7FFF)]
    public void Reserved_domain_ids_are_the_headers(string name, int value)
    {
        Assert.Equal(value, XenHeaders.Constants[XenHeaders.Plain(name)]);
        var ours = new[] { DomId.Self, DomId.FirstReserved, DomId.Io, DomId.Xen, DomId.Cow, DomId.Invalid, DomId.Idle };
        Assert.Contains(new DomId((ushort)value), ours);
        Assert.True(new DomId((ushort)value).IsReserved);
    }

    [Fact]
    public void Xenbus_states_keep_their_numbers_and_british_names()
    {
        Assert.Equal(9, Enum.GetValues<XenbusState>().Length);
        Assert.Equal("Initialising", XenbusState.Initialising.ToString());
        Assert.Equal(8, (int)XenbusState.Reconfigured);
    }

    [Fact]
    public void Wire_errors_are_named_and_parsed_as_xenstore_does()
    {
        Assert.Equal("EAGAIN", XsWireError.NameOf(XenErrno.EAGAIN));
        Assert.Equal(XenErrno.E2BIG, XsWireError.Parse("E2BIG"));
        Assert.Equal("EINVAL", XsWireError.NameOf(XenErrno.ENODEV));
        Assert.Equal(XenErrno.EINVAL, XsWireError.Parse("EWHATEVER"));
    }
}
