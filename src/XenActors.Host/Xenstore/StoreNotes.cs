using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore;

// To observers, from the daemon, in the order in which it works: who asks what, what it answers, what it tells, what has changed.

/// <summary>A request is about to be handled.</summary>
/// <param name="Ring">The client hears through a ring page, not by messages of its own.</param>
[Codec]
public readonly partial record struct StoreAsked(
    int Connection, ActorRef Client, ushort Domain, bool Ring, XsWireType Type, uint ReqId, uint TxId, ReadOnlyMemory<byte> Payload);

/// <summary>A reply.</summary>
[Codec]
public readonly partial record struct StoreTold(int Connection, XsWireType Type, uint ReqId, uint TxId, ReadOnlyMemory<byte> Payload);

/// <summary>A watch fires, as the client hears it.</summary>
/// <param name="Merged">The same event still waits for this client: it hears of both at once.</param>
[Codec]
public readonly partial record struct StoreFired(int Connection, string Path, string Token, bool Merged);

/// <summary>A client is gone, and with it its watches and transactions.</summary>
[Codec]
public readonly partial record struct StoreClosed(int Connection);

/// <summary>Xen says that a domain has shut down, or is gone.</summary>
[Codec]
public readonly partial record struct StoreDomainEnded(ushort Domain, bool Gone);

/// <summary>The daemon has begun anew with an empty store: it knows no client, no watch and no domain.</summary>
[Codec]
public readonly partial record struct StoreEmptied;

/// <summary>A node was written for good, outside of transactions or by a commit; or it is gone with all below it.</summary>
[Codec]
public readonly partial record struct StoreChanged(string Path, bool Exists, ReadOnlyMemory<byte> Value);

/// <summary>The daemon has been updated live: it knows all that it knew, and every watch fires once from here on.</summary>
[Codec]
public readonly partial record struct StoreUpdated;
