namespace XenActors.Machine;

/// <summary>
/// Defects that real systems had and that were published: each a switch of the component that it lived in, off unless a run names it. What each is, and where it
/// was published, is in the catalogue of defects (<c>xenactors defects</c>).
/// </summary>
/// <remarks>Block and grants have bits 0 to 23, all others the bits from 24 on.</remarks>
[Flags]
public enum Defects : ulong
{
    None = 0,

    BlkbackNoFinalCheck = 1UL << 0,
    BlkfrontNoFinalCheck = 1UL << 1,
    BlkbackDoubleFetch = 1UL << 2,
    BlkfrontFreeWhileMapped = 1UL << 3,
    BlkbackPersistentLeakOnTeardown = 1UL << 4,
    BlkfrontResumeLosesRequests = 1UL << 5,
    BlkbackFlushIgnored = 1UL << 6,
    BlkfrontResponseIdUnchecked = 1UL << 7,
    BlkbackMapFailureLeaks = 1UL << 8,
    BlkbackToggleUsesRing = 1UL << 9,
    BackendClosesOnUnbind = 1UL << 10,

    XenstoredWatchNoMerge = 1UL << 24,
    XenstoredQuotaBypass = 1UL << 25,
    XenstoredWatchLeaksUnreadable = 1UL << 26,
    XenstoredTxPartialCommit = 1UL << 27,
    XenstoredLostUpdate = 1UL << 28,
    ToolstackDeletesKeysEarly = 1UL << 30,
    ToolstackLeaksNodesOnDestroy = 1UL << 31,
    GuestNoUnplugAfterRestore = 1UL << 32,
    NetbackNoFinalCheck = 1UL << 33,
}
