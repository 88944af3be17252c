using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Live.Xenstore;

/// <summary>
/// What a server's clients talk to: the bare core, which answers before <see cref="Handle"/> returns, or a store that answers later. Called on
/// the server's thread only; what it has to say it says to the output that <see cref="Start"/> brought.
/// </summary>
internal interface IStoreService
{
    int WatchCount { get; }

    int TransactionCount { get; }

    /// <summary>Transactions that a client has open; 0 where the store answers later, and its clients take no turns.</summary>
    int TransactionsOf(int client) => 0;

    /// <summary>Whether it has done all that it was asked.</summary>
    bool Settled => true;

    /// <summary>How many milliseconds the server may sleep when no client says anything; -1 for ever.</summary>
    int Patience => -1;

    /// <summary>A descriptor from which the store hears of things by itself; -1 for none.</summary>
    int Descriptor => -1;

    /// <summary>Once, before anything else.</summary>
    void Start(IXenstoreOutput output);

    /// <summary>Logs what the store keeps for its clients, where they are all that it has, and what clients without a socket say and are told.</summary>
    void LogTo(AccessLog log)
    {
    }

    /// <summary>A tool of dom0 has connected.</summary>
    void Connect(int client);

    void Disconnect(int client);

    /// <summary>Takes one request.</summary>
    XenstoreViolation Handle(int client, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload);

    /// <summary>Whether nothing more should be read from a client before it has been answered.</summary>
    bool IsFull(int client) => false;

    /// <summary>Whether a client still waits for an answer.</summary>
    bool Owes(int client) => false;

    /// <summary>Something can be read from <see cref="Descriptor"/>.</summary>
    void DescriptorReady()
    {
    }

    /// <summary>Once a turn of the server's loop, between what clients said and what they are told.</summary>
    void Work()
    {
    }
}
