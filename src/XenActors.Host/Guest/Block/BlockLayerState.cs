using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>An open that waits for its device.</summary>
[Codec]
public readonly partial record struct WaitingOpen(ActorRef User, BlockOpen Open);

/// <summary>All that a kernel's block layer remembers.</summary>
[Codec]
public sealed partial class BlockLayerState
{
    private const int PagesPerMib = 256;

    /// <summary>Pages that the cache may hold: half of the guest's memory.</summary>
    public required long PagesMax { get; init; }

    /// <summary>The kernel's work for a request's end, and for sending one of its own. What sending one takes for a user, the user's vCPU does.</summary>
    public VirtualDuration EndCost { get; init; }

    /// <summary>A disk keeps its place when it has gone.</summary>
    public List<DiskQueue> Queues { get; init; } = [];

    public SortedDictionary<uint, BlockHandle> Handles { get; init; } = [];

    public uint NextHandle { get; set; } = 1;

    /// <summary>By their number, null where one has ended.</summary>
    public List<BlockJob?> Jobs { get; init; } = [];

    public List<int> FreeJobs { get; init; } = [];

    public List<WaitingOpen> WaitingOpens { get; init; } = [];

    /// <summary>Jobs that wait until everything up to their epoch is written.</summary>
    public List<int> Syncs { get; init; } = [];

    /// <summary>Buffered writes that wait until fewer pages are dirty.</summary>
    public Queue<int> Throttled { get; init; } = new();

    /// <summary>Pages of all disks in the order in which reclaim will look at them.</summary>
    public Queue<CachedPlace> Reclaimable { get; init; } = new();

    public bool FlusherRuns { get; set; }

    /// <summary>Each <c>sync</c> for all disks, by its number.</summary>
    public SortedDictionary<int, SyncAll> SyncAlls { get; init; } = [];

    public int NextSyncAll { get; set; }

    /// <summary>Drivers that wait for the last close of their disk.</summary>
    public List<AskDiskUse> UseAsked { get; private set; } = [];

    public static BlockLayerState Create(long memoryMib, VirtualDuration endCost = default) =>
        new() { PagesMax = memoryMib * PagesPerMib / 2, EndCost = endCost };

    public DiskQueue? Queue(string name) => Queues.Find(q => q.Name == name && !q.Gone);

    public long DirtyPages()
    {
        long pages = 0;
        foreach (var queue in Queues)
        {
            pages += queue.Cache.Dirty.Count + queue.Cache.WritebackPages;
        }

        return pages;
    }

    public int Add(BlockJob job)
    {
        if (FreeJobs.Count > 0)
        {
            var id = FreeJobs[^1];
            FreeJobs.RemoveAt(FreeJobs.Count - 1);
            Jobs[id] = job;
            return id;
        }

        Jobs.Add(job);
        return Jobs.Count - 1;
    }

    public void Remove(int id)
    {
        Jobs[id] = null;
        FreeJobs.Add(id);
    }
}

[Codec]
public readonly partial record struct CachedPlace(int Disk, ulong Page);

[Codec]
public sealed partial class SyncAll
{
    public required ActorRef User { get; init; }

    public required long Cookie { get; init; }

    public int Pending { get; set; }

    public BlockErrno Error { get; set; }
}
