using XenActors.Experiments.Checkers.Block;
using XenActors.Experiments.Checkers.Grants;
using XenActors.Experiments.Checkers.Machine;
using XenActors.Experiments.Checkers.Store;
using XenActors.Experiments.Checkers.Xenbus;

namespace XenActors.Experiments.Checkers;

/// <summary>All checkers of a run, by the names that scenario files use.</summary>
public static class CheckerCatalog
{
    private static readonly (string Name, string Invariant, Func<Checker> Create)[] Known =
    [
        ("g1-no-lost-request", "each request of a disk has exactly one answer", () => new NoLostRequest()),
        ("g2-no-foreign-write", "nobody writes into a page whose grant was revoked", () => new NoForeignWrite()),
        ("g3-device-states", "both ends of a device keep to xenbus' states", () => new DeviceStates()),
        ("g4-durability", "what a flush has answered is on the medium", () => new FlushDurability()),
        ("g5-single-writer", "one way, and one domain, writes an image", () => new SingleWriter()),
        ("g6-bounded-work", "what a peer triggers is bounded", () => new BoundedWork()),
        ("g7-quiescence", "without faults everything drains", () => new Quiescence()),
        ("g8-accounting", "what a domain had is there again when it is gone", () => new Accounting()),
        ("g10-one-instance", "a domain runs once", () => new OneInstance()),
        ("store-linearizable", "xenstored is one tree, its transactions have an order", () => new StoreLinearizable()),
        ("block-linearizable", "each sector is an atomic register", () => new BlockLinearizable()),
        ("block-users-linearizable", "each sector is an atomic register for all users, page cache included", () => new UsersLinearizable()),
        ("liveness", "after the last fault everything finishes", () => new Liveness()),
    ];

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<(string Name, string Invariant)> All => [.. Known.Select(k => (k.Name, k.Invariant))];

    /// <summary>A fresh checker; null when there is none of this name.</summary>
    public static Checker? Create(string name) => Array.Find(Known, k => k.Name == name).Create?.Invoke();

    /// <summary>One of each.</summary>
    public static List<Checker> CreateAll() => [.. Known.Select(k => k.Create())];
}
