using XenActors.Abi;
using XenActors.Xenstore;

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

    [Fact]
    public void The_events_of_a_release_come_first_unless_the_daemons_next_turn_is_the_released_domains()
    {
        store.Ask(store.Dom0, XsWireType.Watch, "@releaseDomain|t|");
        store.Ok(XsWireType.Introduce, "5|1|1|");
        store.Ok(XsWireType.Introduce, "6|1|1|");
        Assert.Equal("event @releaseDomain t; Release OK|", store.Ask(store.Dom0, XsWireType.Release, "6|"));
        Assert.Equal("Release OK|; event @releaseDomain t", store.Ask(store.Dom0, XsWireType.Release, "5|"));
        store.Core.Connect(0);
        store.Ok(XsWireType.Introduce, "5|1|1|");
        Assert.Equal("event @releaseDomain t; Release OK|", store.Ask(store.Dom0, XsWireType.Release, "5|"));
    }

    [Fact]
    public void One_virq_tells_of_several_shutdowns_once_and_of_each_death()
    {
        var lives = new SortedDictionary<uint, DomainLife>();
        store.Core.Lives = new Lives(lives);
        store.Ask(store.Dom0, XsWireType.Watch, "@releaseDomain|t|");
        foreach (var domid in (uint[])[5, 6, 7]) store.Ok(XsWireType.Introduce, $"{domid}|1|1|");
        store.Seen(store.Dom0);
        (lives[5], lives[6]) = (DomainLife.Shutdown, DomainLife.Shutdown);
        store.Core.CheckDomains(store.Output);
        store.Core.CheckDomains(store.Output);
        Assert.Equal("event @releaseDomain t", store.Seen(store.Dom0));
        (lives[5], lives[7]) = (DomainLife.Dying, DomainLife.Gone);
        store.Core.CheckDomains(store.Output);
        Assert.Equal("event @releaseDomain t; event @releaseDomain t", store.Seen(store.Dom0));
        Assert.Equal("IsDomainIntroduced T|", store.Ask(store.Dom0, XsWireType.IsDomainIntroduced, "6|"));
        Assert.Equal("IsDomainIntroduced F|", store.Ask(store.Dom0, XsWireType.IsDomainIntroduced, "5|"));
    }

    [Fact]
    public void A_shutdown_is_not_told_beside_an_older_domains_death()
    {
        var lives = new SortedDictionary<uint, DomainLife>();
        store.Core.Lives = new Lives(lives);
        store.Ask(store.Dom0, XsWireType.Watch, "@releaseDomain|t|");
        foreach (var domid in (uint[])[5, 6]) store.Ok(XsWireType.Introduce, $"{domid}|1|1|");
        store.Seen(store.Dom0);
        (lives[5], lives[6]) = (DomainLife.Gone, DomainLife.Shutdown);
        store.Core.CheckDomains(store.Output);
        Assert.Equal("event @releaseDomain t", store.Seen(store.Dom0));
    }

    [Fact]
    public void What_does_not_exist_is_not_introduced_and_owns_nothing()
    {
        var lives = new SortedDictionary<uint, DomainLife> { [5] = DomainLife.Gone, [6] = DomainLife.Dying };
        store.Core.Lives = new Lives(lives);
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Introduce, "5|1|1|"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Introduce, "6|1|1|"));
        store.Write("/a", "");
        Assert.Equal("Error ENOENT|", store.Ask(store.Dom0, XsWireType.SetPerms, "/a|n5|"));
        store.Ok(XsWireType.SetPerms, "/a|n0|r5|");
        lives[5] = DomainLife.Running;
        Assert.Equal("Error EACCES|", store.Read("/a", conn: store.Guest(5)));
    }

    private sealed class Lives(SortedDictionary<uint, DomainLife> lives) : IDomainLives
    {
        public DomainLife LifeOf(uint domid) => lives.GetValueOrDefault(domid, DomainLife.Running);
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
        store.Core.Connect(0);
        store.Ok(XsWireType.Introduce, "6|1|1|");
        Assert.Equal("Release OK|; event /other/mine o; event @releaseDomain t", store.Ask(store.Dom0, XsWireType.Release, "5|"));
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

}
