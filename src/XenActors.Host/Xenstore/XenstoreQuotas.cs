namespace XenActors.Xenstore;

/// <summary>What an unprivileged domain may take: C xenstored 4.17's defaults, whose real limits are one more for watches and transactions.</summary>
public sealed record XenstoreQuotas
{
    public static readonly XenstoreQuotas Default = new();

    public int NodesPerDomain { get; init; } = 1000;

    /// <summary>Refused when a domain already has more than this many, so 129 fit.</summary>
    public int WatchesPerDomain { get; init; } = 128;

    /// <summary>Refused when a domain already has more than this many, so 11 fit.</summary>
    public int TransactionsPerDomain { get; init; } = 10;

    public int TransactionNodes { get; init; } = 1024;

    public int PermissionsPerNode { get; init; } = 5;

    /// <summary>The length of a path, behind <c>/local/domain/N/</c>.</summary>
    public int PathMax { get; init; } = 2048;

    /// <summary>Listed and settable, but without effect here: requests that wait belong to the transport.</summary>
    public int OutstandingRequests { get; init; } = 20;

    /// <summary>Bytes; listed and settable, but without effect here.</summary>
    public int MemoryHard { get; init; } = 2 * 1024 * 1024 + 512 * 1024;

    /// <summary>Bytes; listed and settable, but without effect here: the daemon only warns in its log.</summary>
    public int MemorySoft { get; init; } = 2 * 1024 * 1024;

    /// <summary>A node's record (24 bytes, 8 a permission, value, child names) must stay below this.</summary>
    public int NodeSize { get; init; } = 2048;
}
