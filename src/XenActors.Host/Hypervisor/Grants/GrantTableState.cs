using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>A batch that waits for handles.</summary>
[Codec]
public sealed partial record WaitingMap(ActorRef Asker, MapGrants Batch);

[Codec]
public sealed partial record HeldReferences(ActorRef Driver, List<uint> Refs);

[Codec]
public sealed partial class GrantTableState
{
    public required ushort Domain { get; set; }

    public required DomainPlaces Places { get; set; }

    public GrantTable Table { get; set; } = new();

    /// <summary>As a mapper: frames of handles that other domains' tables have, and how many there may be.</summary>
    public int MaptrackFrames { get; set; }

    public int MaptrackFramesMax { get; set; } = Maptrack.FramesMaxDefault;

    /// <summary>Of these frames, those that came back with the end of the domain that had them.</summary>
    public SortedSet<uint> MaptrackReturned { get; private set; } = [];

    /// <summary>The domain is gone, and nobody had a page of its any more.</summary>
    public bool Released { get; set; }

    public List<WaitingMap> Waiting { get; set; } = [];

    /// <summary>Structures of other domains' hypercalls that wait for handles.</summary>
    public List<WaitingForeign> WaitingForeign { get; set; } = [];

    /// <summary>As a mapper: who has each frame of handles.</summary>
    public List<ushort> Lent { get; set; } = [];

    /// <summary>As a mapper: hypercalls that other domains' tables work on, by number.</summary>
    public SortedDictionary<long, MapCall> Calls { get; set; } = [];

    public long NextCall { get; set; }

    public bool DeferredTimer { get; set; }

    /// <summary>What drivers hold without granting anything yet.</summary>
    public List<HeldReferences> Held { get; set; } = [];

    /// <summary>What maps fail with by order, and for how many more.</summary>
    public ForceMapStatus Forced { get; set; }

    public long ForcedDone { get; set; }

    public GrantCounts Counts { get; set; } = new();

    /// <summary>What one of this domain's hypercalls takes.</summary>
    public VirtualDuration HypercallCost { get; init; }

    /// <summary>The domain's memory is translated: it chooses the frames at which pages arrive.</summary>
    public bool Hvm { get; set; }

    /// <summary>Copies that wait for another domain, by number.</summary>
    public SortedDictionary<long, WaitingCopy> Copies { get; set; } = [];

    public SortedDictionary<long, CopyThrough> Through { get; set; } = [];

    public long NextBatch { get; set; }

    public long NextThrough { get; set; }

    /// <summary>The process that asked last, and its domain: a backend's batches come one after the other.</summary>
    [CodecIgnore]
    public (int Process, ushort Domain)? LastMapper { get; set; }
}
