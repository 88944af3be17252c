using XenActors.Abi;
using XenActors.Live.Xenstore.Bench;
using XenActors.Xenstore;

namespace XenActors.Tests.Live.Xenstore.Bench;

public sealed class DomainBootTests
{
    [Fact]
    public void A_boot_has_the_shape_that_its_name_says_and_leaves_nothing()
    {
        var store = new CountingStore();
        foreach (var node in DomainBoot.HostNodes("/bench")) store.Ask(XsWireType.Write, node + "\0");
        var before = store.Nodes;
        for (var domid = 1; domid <= 3; domid++)
        {
            var boot = new DomainBoot("/bench", domid);
            store.Forget();
            store.Run(boot.Steps);
            Assert.Equal((DomainBoot.Requests, DomainBoot.Nodes, DomainBoot.Transactions), (boot.Steps.Count, store.Nodes - before, store.Commits));
            store.Run(boot.End);
            Assert.Equal(before, store.Nodes);
        }
    }
}
