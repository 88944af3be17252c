namespace XenActors.Xenstore;

/// <summary>A client: a socket of dom0, or a domain's ring.</summary>
internal sealed class Connection(int id, ushort domid, ulong order, StoreDomain domain)
{
    public int Id { get; } = id;

    public ushort Domid { get; } = domid;

    /// <summary>Watch events go round in this order.</summary>
    public ulong Order { get; } = order;

    public StoreDomain Domain { get; } = domain;

    public bool Privileged => Domid == 0;

    /// <summary>What relative paths are relative to.</summary>
    public string Home { get; } = "/local/domain/" + domid.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public List<Watch> Watches { get; } = [];

    public List<StoreTransaction> Transactions { get; } = [];

    public uint NextTransactionId { get; set; } = 1;

    public StoreTransaction? FindTransaction(uint id)
    {
        foreach (var transaction in Transactions)
        {
            if (transaction.Id == id) return transaction;
        }

        return null;
    }
}
