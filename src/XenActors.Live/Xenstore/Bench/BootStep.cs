namespace XenActors.Live.Xenstore.Bench;

/// <summary>A request of a domain's boot.</summary>
/// <param name="Peer">Who asks.</param>
/// <param name="Request">The bytes; the transaction's number is filled in when it is known.</param>
/// <param name="InTransaction">Whether it belongs to its peer's open transaction.</param>
/// <param name="MayFail">Whether an error is an answer too: what is looked for may be missing, and a daemon may not know the domain that a permission names.</param>
internal readonly record struct BootStep(BootPeer Peer, byte[] Request, bool InTransaction, bool MayFail);
