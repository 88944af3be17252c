namespace XenActors.Live.Xenstore;

/// <summary>What a server holds on behalf of its clients at one moment.</summary>
public readonly record struct XenstoreServerCounts(int Connections, int Watches, int Transactions, long QueuedBytes);
