using XenActors.Machine;

namespace XenActors.Experiments.Zoo;

/// <summary>Defects of block frontends and backends, and of how they use grants.</summary>
internal static class BlockDefects
{
    private const string File = "block";

    public static IReadOnlyList<KnownDefect> All { get; } =
    [
        new("blkback-no-final-check", Defects.BlkbackNoFinalCheck, "blkback",
            "goes to sleep without RING_FINAL_CHECK: it has neither asked for the next event nor looked again, and what comes then waits for ever",
            "public/io/ring.h, RING_FINAL_CHECK_FOR_REQUESTS; the lost wake-up that it is there for", "liveness", File),
        new("blkfront-no-final-check", Defects.BlkfrontNoFinalCheck, "blkfront",
            "leaves its interrupt handler without RING_FINAL_CHECK: it has neither asked for the next event nor looked again, and what comes then waits for ever",
            "public/io/ring.h, RING_FINAL_CHECK_FOR_RESPONSES; the lost wake-up that it is there for", "liveness", File),
        new("blkback-double-fetch", Defects.BlkbackDoubleFetch, "blkback",
            "reads the ring's slot once to check it and again to use it: pages that the frontend has put in in between were never mapped",
            "XSA-155 (CVE-2015-8550)", "g2-no-foreign-write", File),
        new("blkfront-free-while-mapped", Defects.BlkfrontFreeWhileMapped, "blkfront",
            "takes a page back and uses it again though the backend maps it still",
            "XSA-396 (CVE-2022-23036)", "g2-no-foreign-write", File),
        new("blkback-persistent-leak-on-teardown", Defects.BlkbackPersistentLeakOnTeardown, "blkback",
            "leaves the pages that it keeps mapped as they are when the frontend goes",
            "QubesOS/qubes-issues #1328: g.e. still in use", "g8-accounting", File),
        new("blkfront-resume-loses-requests", Defects.BlkfrontResumeLosesRequests, "blkfront",
            "forgets what was in flight when the domain was suspended, instead of asking the new backend for it",
            "xcp-ng/xcp #347: frozen after a migration under I/O", "liveness", File),
        new("blkback-flush-ignored", Defects.BlkbackFlushIgnored, "blkback",
            "answers a flush without telling the disk",
            "public/io/blkif.h, BLKIF_OP_FLUSH_DISKCACHE", "g4-durability", File),
        new("blkfront-response-id-unchecked", Defects.BlkfrontResponseIdUnchecked, "blkfront",
            "believes the backend that a response belongs to a request that is out",
            "XSA-391 series; Linux b94e4b147fd1 xen/blkfront: don't trust the backend response data blindly", "g1-no-lost-request", File),
        new("blkback-map-failure-leaks", Defects.BlkbackMapFailureLeaks, "blkback",
            "when some of a request's pages cannot be mapped, keeps those mapped that could",
            "XSA-361 (CVE-2021-26932), XSA-365 (CVE-2021-26930)", "g8-accounting", File),
        new("blkback-toggle-uses-ring", Defects.BlkbackToggleUsesRing, "blkback",
            "gives rings and pages back while requests are in flight, when the frontend closes, and uses them when these end",
            "XSA-350 (CVE-2020-29569)", "g2-no-foreign-write", File),
        new("backend-closes-on-unbind", Defects.BackendClosesOnUnbind, "backend's xenbus",
            "writes Closed when a backend's driver is taken away, though its frontend is connected: the frontend closes, and ignores the InitWait of the driver that comes next",
            "Linux 5.6, \"xenbus: limit when state is forced to closed\" and \"xen-blkback: support dynamic unbind/bind\"; QubesOS/qubes-issues #10845", "g3-device-states", File),
    ];
}
