using XenActors.Abi;

namespace XenActors.Tests.Xenstore;

public sealed class PermissionTests
{
    private readonly Store store = new();
    private readonly int guest;

    public PermissionTests() => guest = store.Guest(5);

    [Fact]
    public void Children_inherit_permissions_but_a_guest_owns_what_it_makes()
    {
        store.Write("/p", "");
        store.Ok(XsWireType.SetPerms, "/p|n0|b5|r7|");
        store.Write("/p/by0/deep", "");
        Assert.Equal("GetPerms n0|b5|r7|", store.Ask(store.Dom0, XsWireType.GetPerms, "/p/by0/deep|"));
        Assert.Equal("Write OK|", store.Ask(guest, XsWireType.Write, "/p/by5|v"));
        Assert.Equal("GetPerms n5|b5|r7|", store.Ask(store.Dom0, XsWireType.GetPerms, "/p/by5|"));
    }

    [Fact]
    public void A_guest_sees_only_what_it_may_read()
    {
        store.Write("/secret/x", "1");
        Assert.Equal("Error EACCES|", store.Read("/secret/x", conn: guest));
        Assert.Equal("Error EACCES|", store.Read("/secret/missing", conn: guest));
        Assert.Equal("Error EACCES|", store.Ask(guest, XsWireType.Write, "/new|"));
        Assert.Equal("Error ENOENT|", store.Read("missing", conn: guest));
        store.Ok(XsWireType.SetPerms, "/secret/x|n0|r5|");
        Assert.Equal("Read 1", store.Read("/secret/x", conn: guest));
        Assert.Equal("Error EACCES|", store.Ask(guest, XsWireType.Write, "/secret/x|2"));
    }

    [Theory]
    [InlineData("n", false, false)]
    [InlineData("r", true, false)]
    [InlineData("w", false, true)]
    [InlineData("b", true, true)]
    public void The_first_entrys_letter_is_everyones_default(string letter, bool mayRead, bool mayWrite)
    {
        store.Write("/p", "v");
        store.Ok(XsWireType.SetPerms, $"/p|{letter}0|");
        Assert.Equal(mayRead ? "Read v" : "Error EACCES|", store.Read("/p", conn: guest));
        Assert.Equal(mayWrite ? "Write OK|" : "Error EACCES|", store.Ask(guest, XsWireType.Write, "/p|v"));
    }

    [Fact]
    public void A_guest_may_not_give_its_nodes_away()
    {
        store.Ask(guest, XsWireType.Write, "a|v");
        Assert.Equal("Error EPERM|", store.Ask(guest, XsWireType.SetPerms, "a|n6|"));
        Assert.Equal("SetPerms OK|", store.Ask(guest, XsWireType.SetPerms, "a|b5|r6|"));
        Assert.Equal("Error ENOSPC|", store.Ask(guest, XsWireType.SetPerms, "a|n5|r1|r2|r3|r4|r6|"));
    }

    [Theory]
    [InlineData("x7|")]
    [InlineData("")]
    [InlineData("n0|r7x|")]
    [InlineData("n0|r|")]
    public void Malformed_permissions_are_invalid(string perms)
    {
        store.Write("/p", "");
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.SetPerms, "/p|" + perms));
    }

    [Fact]
    public void Numbers_in_permissions_are_cs()
    {
        store.Write("/p", "");
        store.Ok(XsWireType.SetPerms, "/p|n0|r0x10|b010|w-1|r +7|n99999999999999999999|");
        Assert.Equal("GetPerms n0|r16|b8|w-1|r7|n-1|", store.Ask(store.Dom0, XsWireType.GetPerms, "/p|"));
    }

    [Fact]
    public void Special_names_belong_to_whom_dom0_gives_them_until_that_one_dies()
    {
        Assert.Equal("Error EACCES|", store.Ask(guest, XsWireType.SetPerms, "@releaseDomain|n5|"));
        store.Ok(XsWireType.SetPerms, "@releaseDomain|n5|r6|");
        Assert.Equal("SetPerms OK|", store.Ask(guest, XsWireType.SetPerms, "@releaseDomain|r5|r6|"));
        store.Core.DomainGone(5, store.Output);
        var second = store.Guest(5);
        Assert.Equal("Error EACCES|", store.Ask(second, XsWireType.SetPerms, "@releaseDomain|n5|"));
        store.Ask(second, XsWireType.Watch, "@releaseDomain|t|");
        store.Seen(second);
        store.Core.DomainGone(6, store.Output);
        Assert.Equal("", store.Seen(second)); // it had not been introduced
        store.Guest(6);
        store.Core.DomainGone(6, store.Output);
        Assert.Equal("event @releaseDomain t", store.Seen(second)); // all may read
    }

    [Fact]
    public void A_new_domain_inherits_nothing_from_an_old_one_of_its_number()
    {
        store.Write("/p", "v");
        store.Ok(XsWireType.SetPerms, "/p|n0|r5|");
        Assert.Equal("Read v", store.Read("/p", conn: guest));
        store.Core.DomainGone(5, store.Output);
        var second = store.Guest(5);
        Assert.Equal("Error EACCES|", store.Read("/p", conn: second));
        store.Write("/p", "rewritten");
        Assert.Equal("Error EACCES|", store.Read("/p", conn: second));
        Assert.Equal("GetPerms n0|r5|", store.Ask(store.Dom0, XsWireType.GetPerms, "/p|"));
        store.Ok(XsWireType.SetPerms, "/p|n0|r5|");
        Assert.Equal("Read rewritten", store.Read("/p", conn: second));
    }

    [Fact]
    public void A_toolstack_may_name_a_domain_before_it_introduces_it()
    {
        store.Core.DomainCreated(9);
        store.Write("/local/domain/9", "");
        store.Ok(XsWireType.SetPerms, "/local/domain/9|n0|r9|");
        store.Ok(XsWireType.Introduce, "9|1|1|");
        Assert.Equal("Read ", store.Read("/local/domain/9", conn: store.Core.Connect(9)));
    }

    [Fact]
    public void A_domain_may_do_what_its_target_may()
    {
        var stub = store.Guest(6);
        store.Ask(guest, XsWireType.Write, "a|v");
        Assert.Equal("Error EACCES|", store.Read("/local/domain/5/a", conn: stub));
        store.Ok(XsWireType.SetTarget, "6|5|");
        Assert.Equal("Read v", store.Read("/local/domain/5/a", conn: stub));
        Assert.Equal("Error EACCES|", store.Read("/local/domain/6", conn: guest));
        store.Write("/p", "v");
        store.Ok(XsWireType.SetTarget, "6|0|");
        Assert.Equal("Read v", store.Read("/p", conn: stub));
        Assert.Equal("Error ENOENT|", store.Ask(store.Dom0, XsWireType.SetTarget, "6|9|"));
    }

    // What Debian's daemon made of these.
    [Theory]
    [InlineData("r0x10", "r16")]
    [InlineData("r010", "r8")]
    [InlineData("r\t+5", "r5")]
    [InlineData("r -0", "r0")]
    [InlineData("r-1", "r-1")]
    [InlineData("r-0x5", "r-5")]
    [InlineData("r4294967295", "r-1")]
    [InlineData("r4294967301", "r5")]
    [InlineData("r-4294967291", "r5")]
    [InlineData("r18446744073709551615", "r-1")]
    [InlineData("r99999999999999999999", "r-1")]
    [InlineData("r-18446744073709551611", "r0")]
    public void A_domains_number_is_read_as_strtol_does(string given, string kept)
    {
        store.Write("/p", "");
        store.Ok(XsWireType.SetPerms, $"/p|n0|{given}|");
        Assert.Equal($"GetPerms n0|{kept}|", store.Ask(store.Dom0, XsWireType.GetPerms, "/p|"));
    }

    [Theory]
    [InlineData("r")]
    [InlineData("r08")]
    [InlineData("r0x")]
    [InlineData("r0xg")]
    [InlineData("r- 5")]
    [InlineData("r5x")]
    [InlineData("r5 ")]
    [InlineData("q5")]
    [InlineData("5")]
    public void What_is_no_permission_is_EINVAL(string text)
    {
        store.Write("/p", "");
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.SetPerms, $"/p|n0|{text}|"));
    }

    [Fact]
    public void An_owner_that_cannot_be_is_ENOENT()
    {
        store.Write("/p", "");
        Assert.Equal("Error ENOENT|", store.Ask(store.Dom0, XsWireType.SetPerms, "/p|r-1|"));
        Assert.Equal("GetPerms n0|", store.Ask(store.Dom0, XsWireType.GetPerms, "/p|"));
    }
}
