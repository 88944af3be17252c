using XenActors.Hypervisor;
using XenActors.Simulation;
using XenActors.Xenstore.Ring;

namespace XenActors.Xenstore;

/// <summary>A write that a trace reduced to states keeps: who asked for what, when it arrived.</summary>
[Codec]
public readonly partial record struct StateWrite(VirtualTime Time, string Client, string Text)
{
    public override string ToString() => $"{Time} {Client} IN {Text}";
}

/// <summary>A client and its connection.</summary>
[Codec]
public sealed partial class StoreClient
{
    public required ActorRef Actor { get; init; }

    public required int Connection { get; init; }

    /// <summary>For whom it speaks.</summary>
    public ushort Domain { get; init; }

    /// <summary><c>c1</c>, <c>c2</c>, ... in the order of their first state write; empty before it.</summary>
    public string Label { get; set; } = "";
}

/// <summary>The daemon: its store, and who is connected.</summary>
[Codec]
public sealed partial class XenstoredState
{
    public XenstoreCore Core { get; set; } = new();

    public XenstoredOptions Options { get; set; } = new();

    public DomainPlaces Places { get; set; } = new();

    /// <summary>Another process whose clients are tools as dom0's are; 0 when there is none.</summary>
    public int ToolsProcess { get; set; }

    /// <summary>In the order in which they arrived.</summary>
    public List<StateWrite> StateWrites { get; private set; } = [];

    internal SortedDictionary<(int Process, int Local), StoreClient> Clients { get; private set; } = [];

    internal SortedDictionary<int, ActorRef> Actors { get; private set; } = [];

    /// <summary>Own ends of the rings' event channels, by domain.</summary>
    internal SortedDictionary<ushort, uint> Ports { get; private set; } = [];

    internal SortedSet<ushort> Introduced { get; private set; } = [];

    /// <summary>Guests' ring pages, by connection.</summary>
    internal SortedDictionary<int, StoreReplica> Rings { get; private set; } = [];

    /// <summary>Of a commit's conflict without a cause.</summary>
    public double ConflictChance { get; set; }

    /// <summary>Conflicts without a cause so far.</summary>
    public long ConflictsForced { get; set; }

    internal int Labels { get; set; }

    /// <summary>The core's connections of a process's clients.</summary>
    public IEnumerable<int> ConnectionsOf(int process) => Clients.Where(c => c.Key.Process == process).Select(c => c.Value.Connection);

    /// <summary>How often one and the same event waits for one guest at most.</summary>
    public int MostOftenWaiting()
    {
        var most = 0;
        foreach (var ring in Rings.Values) most = Math.Max(most, ring.Ring.MostOftenWaiting());
        return most;
    }

    public static XenstoredState Create(DomainPlaces places, XenstoredOptions? options = null) =>
        new() { Places = places, Options = options ?? new() };
}
