using XenActors.Machine;

namespace XenActors.Experiments.Zoo;

/// <summary>Defects of xenstored.</summary>
internal static class StoreDefects
{
    private const string File = "xenstore";

    public static IReadOnlyList<KnownDefect> All { get; } =
    [
        new("xenstored-watch-no-merge", Defects.XenstoredWatchNoMerge, "xenstored",
            "queues each watch event for a guest that does not read its ring, also those that wait already: memory without an end",
            "XSA-326 (CVE-2022-42311 to 42318), Xen's \"don't buffer multiple identical watch events\"; XSA-349 is the same in backends", "g6-bounded-work", File),
        new("xenstored-quota-bypass", Defects.XenstoredQuotaBypass, "xenstored",
            "does not count the nodes that a guest makes inside of a transaction against its quota",
            "XSA-421 (CVE-2022-42325, CVE-2022-42326): any number of nodes via transactions", "store-linearizable", File),
        new("xenstored-watch-leaks-unreadable", Defects.XenstoredWatchLeaksUnreadable, "xenstored",
            "tells every client that watches a path of its changes, whether it may read the node or not",
            "XSA-115 (CVE-2020-29480)", "store-linearizable", File),
        new("xenstored-tx-partial-commit", Defects.XenstoredTxPartialCommit, "xenstored",
            "fails at the commit of a transaction that has made and removed a node, and leaves what it has done until there",
            "XSA-421 (CVE-2022-42325, CVE-2022-42326)", "store-linearizable", File),
        new("xenstored-lost-update", Defects.XenstoredLostUpdate, "xenstored",
            "commits a transaction without a look at what others have changed since it has read",
            "docs/misc/xenstore.txt, TRANSACTION_END: EAGAIN; the anomaly that it is there for", "store-linearizable", File),
    ];
}
