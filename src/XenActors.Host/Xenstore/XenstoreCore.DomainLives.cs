using XenActors.Abi;

namespace XenActors.Xenstore;

// The lives of domains as Xen tells them, and what a domain leaves behind.
public sealed partial class XenstoreCore
{
    /// <summary>Xen made a domain: permissions that named an earlier one of its number are void from here on.</summary>
    public void DomainCreated(ushort domid)
    {
        var domain = Mention(domid);
        if (!domain.Introduced) domain.Generation = ++generation;
    }

    /// <summary>An introduced domain shut down or crashed: @releaseDomain, once until RESUME.</summary>
    public void DomainShutdown(ushort domid, IXenstoreOutput output)
    {
        if (!domains.TryGetValue(domid, out var domain) || !domain.Introduced || domain.Shutdown) return;
        domain.Shutdown = true;
        PublishSpecial(output, XenstorePath.ReleaseDomain);
    }

    /// <summary>A domain is gone: its nodes are removed, and @releaseDomain is told if it had been introduced.</summary>
    public void DomainGone(ushort domid, IXenstoreOutput output)
    {
        if (domid != 0 && domains.TryGetValue(domid, out var domain)) Destroy(domain, output);
    }

    /// <summary>
    /// Xen said that some domain's state changed (VIRQ_DOM_EXC), not which: looks at all that the store has heard of. Several that shut
    /// down are told once, and not at all when one that goes is told after them.
    /// </summary>
    public void CheckDomains(IXenstoreOutput output)
    {
        var shutDown = false;
        foreach (var domain in YoungestFirst())
        {
            var life = LifeOf(domain.Domid);
            if (domain.Introduced && life == DomainLife.Shutdown && !domain.Shutdown)
            {
                domain.Shutdown = true;
                shutDown = true;
            }

            if (domain.Domid == 0 || life is DomainLife.Running or DomainLife.Shutdown) continue;
            if (!domain.Introduced && life == DomainLife.Dying) continue;
            if (domain.Introduced) shutDown = false;
            Destroy(domain, output);
        }

        if (shutDown) PublishSpecial(output, XenstorePath.ReleaseDomain);
    }

    private List<StoreDomain> YoungestFirst()
    {
        List<StoreDomain> all = [.. domains.Values];
        all.Sort((a, b) => b.Order.CompareTo(a.Order));
        return all;
    }

    private DomainLife LifeOf(uint domid)
    {
        if (Lives is not null) return Lives.LifeOf(domid);
        return domid < DomId.FirstReserved.Value ? DomainLife.Running : DomainLife.Gone;
    }

    private StoreDomain Mention(uint domid)
    {
        if (domains.TryGetValue(domid, out var domain)) return domain;
        domain = new StoreDomain(domid, generation, nextOrder++);
        domains.Add(domid, domain);
        return domain;
    }

    // From its first mention on the store remembers since when a domain has been there; what does not exist cannot be mentioned.
    private bool TryMention(uint domid)
    {
        if (!domains.ContainsKey(domid) && LifeOf(domid) == DomainLife.Gone) return false;
        Mention(domid);
        return true;
    }

    private void Destroy(StoreDomain domain, IXenstoreOutput output)
    {
        foreach (var connection in ConnectionsOf(domain)) Disconnect(connection.Id);
        if (domain.NodeCount > 0) RemoveOwned(new Scope(null, null, output), root, domain.Domid);
        for (var i = 0; i < specialPerms.Length; i++) specialPerms[i] = Without(specialPerms[i], domain.Domid);
        domains.Remove(domain.Domid);
        if (!domain.Introduced) return;
        PublishSpecial(output, XenstorePath.ReleaseDomain);
        output.Released(new DomId((ushort)domain.Domid));
    }

    // Special names have no age, so a dead domain's entries go with it; what it owned falls to dom0.
    private static XenstorePermission[] Without(XenstorePermission[] perms, uint domid)
    {
        var owner = perms[0].Domid == domid ? perms[0] with { Domid = 0 } : perms[0];
        return [owner, .. perms.Skip(1).Where(p => p.Domid != domid)];
    }

    private List<Connection> ConnectionsOf(StoreDomain domain)
    {
        var found = new List<Connection>();
        foreach (var connection in connections.Values)
        {
            if (ReferenceEquals(connection.Domain, domain)) found.Add(connection);
        }

        return found;
    }

    private void RemoveOwned(in Scope scope, StoreNode node, uint domid)
    {
        if (node.Owner == domid && node.Parent is not null)
        {
            Remove(scope, node);
            return;
        }

        for (var child = node.FirstChild; child is not null;)
        {
            var next = child.Next; // the child may go
            RemoveOwned(scope, child, domid);
            child = next;
        }
    }
}
