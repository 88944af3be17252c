using System.Globalization;
using System.Text;

namespace XenActors.Xenstore;

/// <summary>The quotas that CONTROL's <c>quota</c> or <c>quota-soft</c> lists and sets, by the daemon's names.</summary>
internal sealed class XenstoreQuotaNames
{
    public static readonly XenstoreQuotaNames Hard = new(
        new("nodes", "Nodes per domain", q => q.NodesPerDomain, (q, v) => q with { NodesPerDomain = v }),
        new("watches", "Watches per domain", q => q.WatchesPerDomain, (q, v) => q with { WatchesPerDomain = v }),
        new("transactions", "Transactions per domain", q => q.TransactionsPerDomain, (q, v) => q with { TransactionsPerDomain = v }),
        new("outstanding", "Outstanding requests per domain", q => q.OutstandingRequests, (q, v) => q with { OutstandingRequests = v }),
        new("transaction-nodes", "Max. number of accessed nodes per transaction", q => q.TransactionNodes, (q, v) => q with { TransactionNodes = v }),
        new("memory", "Total Xenstore memory per domain (error level)", q => q.MemoryHard, (q, v) => q with { MemoryHard = v }),
        new("node-size", "Max. size of a node", q => q.NodeSize, (q, v) => q with { NodeSize = v }),
        new("path-max", "Max. length of a node path", q => q.PathMax, (q, v) => q with { PathMax = v }),
        new("permissions", "Max. number of permissions per node", q => q.PermissionsPerNode, (q, v) => q with { PermissionsPerNode = v }));

    public static readonly XenstoreQuotaNames Soft = new(
        new NamedQuota("memory", "Total Xenstore memory per domain (warning level)", q => q.MemorySoft, (q, v) => q with { MemorySoft = v }));

    private readonly NamedQuota[] all;

    private XenstoreQuotaNames(params NamedQuota[] all) => this.all = all;

    private sealed record NamedQuota(
        string Name, string Description, Func<XenstoreQuotas, int> Get, Func<XenstoreQuotas, int, XenstoreQuotas> With);

    public string List(XenstoreQuotas quotas)
    {
        var text = new StringBuilder("Quota settings:\n");
        foreach (var quota in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"{quota.Name,-17}: {quota.Get(quotas),8} {quota.Description}\n");
        }

        return text.ToString();
    }

    /// <summary>The quotas with one changed, or null if none has that name.</summary>
    public XenstoreQuotas? Set(XenstoreQuotas quotas, string name, int value)
    {
        foreach (var quota in all)
        {
            if (quota.Name == name) return quota.With(quotas, value);
        }

        return null;
    }
}
