using XenActors.Abi;

namespace XenActors.Tests.Xenstore;

public sealed class DomainTests
{
    private readonly Store store = new();

    [Fact]
    public void Introducing_tells_watchers_before_the_reply_and_only_the_first_time()
    {
        store.Ask(store.Dom0, XsWireType.Watch, "@introduceDomain|t|");
        Assert.Equal("event @introduceDomain t; Introduce OK|", store.Ask(store.Dom0, XsWireType.Introduce, "5|7|3|"));
        Assert.Equal("Introduce OK|", store.Ask(store.Dom0, XsWireType.Introduce, "5|7|3|"));
        Assert.Equal(["introduced 5 7 3", "introduced 5 7 3"], store.Output.Life);
        Assert.Equal("IsDomainIntroduced T|", store.Ask(store.Dom0, XsWireType.IsDomainIntroduced, "5|"));
        Assert.Equal("IsDomainIntroduced F|", store.Ask(store.Dom0, XsWireType.IsDomainIntroduced, "6|"));
        Assert.Equal("IsDomainIntroduced T|", store.Ask(store.Dom0, XsWireType.IsDomainIntroduced, "0|"));
    }

    [Theory]
    [InlineData("5|1|")]
    [InlineData("5|1|0|")]
    [InlineData("32752|1|1|")]
    public void Malformed_introductions_are_invalid(string payload) =>
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Introduce, payload));

    [Fact]
    public void A_second_introduction_starts_the_connection_afresh()
    {
        var guest = store.Guest(5);
        store.Ask(guest, XsWireType.Watch, "a|t|");
        var tx = store.Start(guest);
        store.Ok(XsWireType.Introduce, "5|1|1|");
        store.Seen(guest);
        store.Ask(guest, XsWireType.Write, "a|1");
        Assert.Equal("Write OK|", store.Seen(guest));
        Assert.Equal("Error ENOENT|", store.End(tx, conn: guest));
    }

    [Fact]
    public void Releasing_removes_what_the_domain_owned_and_tells_watchers()
    {
        var guest = store.Guest(5);
        store.Write("/other", "");
        store.Ok(XsWireType.SetPerms, "/other|w0|");
        store.Ask(guest, XsWireType.Write, "/other/mine/deep|1");
        store.Ask(guest, XsWireType.Write, "a/b|1");
        store.Ask(store.Dom0, XsWireType.Watch, "@releaseDomain|t|");
        store.Ask(store.Dom0, XsWireType.Watch, "/other|o|");
        Assert.Equal("event /other/mine o; event @releaseDomain t; Release OK|", store.Ask(store.Dom0, XsWireType.Release, "5|"));
        Assert.Equal("Error ENOENT|", store.Read("/local/domain/5"));
        Assert.Equal("Error ENOENT|", store.Read("/other/mine"));
        Assert.False(store.Core.IsConnected(guest));
        Assert.Equal("released 5", store.Output.Life[^1]);
    }

    [Theory]
    [InlineData("0|", "EINVAL")]
    [InlineData("700|", "ENOENT")]
    [InlineData("", "EINVAL")]
    public void Releasing_or_resuming_what_was_not_introduced_fails_by_name(string payload, string error)
    {
        Assert.Equal($"Error {error}|", store.Ask(store.Dom0, XsWireType.Release, payload));
        Assert.Equal($"Error {error}|", store.Ask(store.Dom0, XsWireType.Resume, payload));
    }

    [Fact]
    public void A_domain_that_only_permissions_name_was_not_introduced()
    {
        store.Write("/p", "");
        store.Ok(XsWireType.SetPerms, "/p|n7|r8|");
        foreach (var (type, payload) in new[] { (XsWireType.Release, "7|"), (XsWireType.Resume, "8|"), (XsWireType.SetTarget, "7|8|") })
        {
            Assert.Equal("Error ENOENT|", store.Ask(store.Dom0, type, payload));
        }
    }

    [Fact]
    public void A_shutdown_is_told_once_until_the_domain_resumes()
    {
        store.Guest(5);
        store.Ask(store.Dom0, XsWireType.Watch, "@releaseDomain|t|");
        store.Seen(store.Dom0);
        store.Core.DomainShutdown(5, store.Output);
        store.Core.DomainShutdown(5, store.Output);
        store.Core.DomainShutdown(6, store.Output);
        Assert.Equal("event @releaseDomain t", store.Seen(store.Dom0));
        store.Ok(XsWireType.Resume, "5|");
        store.Seen(store.Dom0);
        store.Core.DomainShutdown(5, store.Output);
        store.Core.DomainGone(5, store.Output);
        store.Core.DomainGone(5, store.Output);
        Assert.Equal("event @releaseDomain t; event @releaseDomain t", store.Seen(store.Dom0));
    }

    [Fact]
    public void Privileged_operations_are_refused_to_guests()
    {
        var guest = store.Guest(5);
        foreach (var type in (XsWireType[])[XsWireType.Introduce, XsWireType.Release, XsWireType.Resume, XsWireType.SetTarget, XsWireType.Control, XsWireType.IsDomainIntroduced])
        {
            Assert.Equal("Error EACCES|", store.Ask(guest, type, "5|1|1|"));
        }

        Assert.Equal("GetDomainPath /local/domain/6|", store.Ask(guest, XsWireType.GetDomainPath, "6|"));
    }

    [Fact]
    public void Control_knows_few_words()
    {
        Assert.Equal("Control OK|", store.Ask(store.Dom0, XsWireType.Control, "check|"));
        Assert.Equal("Control OK|", store.Ask(store.Dom0, XsWireType.Control, "log|on|"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Control, "log|"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Control, "foo|"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Control, ""));
    }
}
