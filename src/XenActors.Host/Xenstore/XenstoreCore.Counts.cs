namespace XenActors.Xenstore;

// What clients hold, for those who look whether anything is left behind.
public sealed partial class XenstoreCore
{
    /// <summary>How many clients are connected.</summary>
    public int ConnectionCount => connections.Count;

    /// <summary>How many watches all clients have.</summary>
    public int WatchCount
    {
        get
        {
            var count = 0;
            foreach (var connection in connections.Values) count += connection.Watches.Count;
            return count;
        }
    }

    /// <summary>How many transactions are open.</summary>
    public int TransactionCount
    {
        get
        {
            var count = 0;
            foreach (var connection in connections.Values) count += connection.Transactions.Count;
            return count;
        }
    }

    /// <summary>How many watches one client has.</summary>
    public int WatchesOf(int conn) => connections.TryGetValue(conn, out var connection) ? connection.Watches.Count : 0;

    /// <summary>How many transactions one client has open.</summary>
    public int TransactionsOf(int conn) => connections.TryGetValue(conn, out var connection) ? connection.Transactions.Count : 0;
}
