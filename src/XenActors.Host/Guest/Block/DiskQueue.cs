using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>
/// One disk's queue: what waits, what the driver has, and who waits for a flush. Neighbours that wait are merged; how many the driver has at once is its
/// limit. Sources: Linux <c>block/blk-mq.c</c>, <c>blk-merge.c</c>, <c>blk-flush.c</c>.
/// </summary>
[Codec]
public sealed partial class DiskQueue
{
    // How many of the youngest waiting requests are looked at for a neighbour.
    private const int MergeDepth = 8;

    private const int SlotBits = 16;

    public required string Name { get; init; }

    public required int Index { get; init; }

    public required ActorRef Driver { get; init; }

    public required DiskLimits Limits { get; set; }

    public required ulong Sectors { get; set; }

    public required bool ReadOnly { get; init; }

    public bool Gone { get; set; }

    public List<GuestPartition> Partitions { get; set; } = [];

    /// <summary>Oldest first.</summary>
    public RequestRing Waiting { get; init; } = new();

    /// <summary>At the driver, by slot.</summary>
    public List<DiskRequest?> Out { get; init; } = [];

    public List<int> FreeSlots { get; init; } = [];

    public int OutCount { get; set; }

    public long Serial { get; set; }

    /// <summary>Jobs that the flush at the disk will answer, and those that came after it was sent.</summary>
    public List<int> Flushing { get; set; } = [];

    public List<int> FlushWaiting { get; set; } = [];

    public DiskStats Stats { get; init; } = new();

    public PageCache Cache { get; init; } = new();

    /// <summary>Writebacks under way.</summary>
    public int Writebacks { get; set; }

    /// <summary>Pages dirty since then or longer are to be written.</summary>
    public VirtualTime ExpiredBefore { get; set; }

    /// <summary>Of writebacks that failed; see <see cref="BlockHandle.ErrorsSeen"/>.</summary>
    public long WriteErrors { get; set; }

    public BlockGeometry Geometry(ulong sectors) => new(
        sectors, Limits.LogicalBlockSize, Limits.PhysicalBlockSize, Limits.MaxSectors, Limits.DiscardGranularity, ReadOnly, Limits.WriteCache, Limits.Fua);

    /// <summary>Adds a part of a job, to a neighbour that waits or as a request of its own.</summary>
    public void Add(BlockOperation operation, BlockFlags flags, ulong sector, RequestPart part, VirtualTime now)
    {
        if (operation is BlockOperation.Read or BlockOperation.Write && flags == BlockFlags.None && OutCount >= Limits.QueueDepth
            && Merge(operation, sector, part))
        {
            Stats.Of(operation).Merges++;
            return;
        }

        Stats.Begin(now);
        Waiting.Add(new DiskRequest { Operation = operation, Flags = flags, Sector = sector, Count = part.Count, First = part, Queued = now });
    }

    /// <summary>A job waits for a flush. A flush that is under way is too old for it; all that wait share the next.</summary>
    public void AddFlush(int job, VirtualTime now)
    {
        FlushWaiting.Add(job);
        if (Flushing.Count == 0)
        {
            StartFlush(now);
        }
    }

    /// <summary>The flush has ended: who waited for it. The next begins when somebody waits.</summary>
    public List<int> EndFlush(VirtualTime now)
    {
        var ended = Flushing;
        Flushing = [];
        if (FlushWaiting.Count > 0)
        {
            StartFlush(now);
        }

        return ended;
    }

    /// <summary>The next request for the driver, with its cookie, if it can take one.</summary>
    public DiskRequest? Next()
    {
        if (OutCount >= Limits.QueueDepth || Waiting.Count == 0)
        {
            return null;
        }

        var request = Waiting.Take();
        int slot;
        if (FreeSlots.Count > 0)
        {
            slot = FreeSlots[^1];
            FreeSlots.RemoveAt(FreeSlots.Count - 1);
        }
        else
        {
            slot = Out.Count;
            Out.Add(null);
        }

        request.Cookie = (++Serial << SlotBits) | (uint)slot;
        Out[slot] = request;
        OutCount++;
        return request;
    }

    /// <summary>The driver has answered; null when it was not asked.</summary>
    public DiskRequest? Ended(long cookie)
    {
        var slot = (int)(cookie & ((1 << SlotBits) - 1));
        if (slot >= Out.Count || Out[slot] is not { } request || request.Cookie != cookie)
        {
            return null;
        }

        Out[slot] = null;
        FreeSlots.Add(slot);
        OutCount--;
        return request;
    }

    /// <summary>The disk has gone: all that waited or was out.</summary>
    public List<DiskRequest> TakeAll()
    {
        var all = new List<DiskRequest>();
        foreach (var request in Out)
        {
            if (request is not null)
            {
                all.Add(request);
            }
        }

        Out.Clear();
        FreeSlots.Clear();
        OutCount = 0;
        while (Waiting.Count > 0)
        {
            all.Add(Waiting.Take());
        }

        return all;
    }

    private void StartFlush(VirtualTime now)
    {
        (Flushing, FlushWaiting) = (FlushWaiting, Flushing);
        Stats.Begin(now);

        // Past all that waits: it is about what has been answered.
        Waiting.AddFirst(new DiskRequest { Operation = BlockOperation.Flush, Queued = now });
    }

    private bool Merge(BlockOperation operation, ulong sector, RequestPart part)
    {
        for (var i = 1; i <= Math.Min(MergeDepth, Waiting.Count); i++)
        {
            var other = Waiting[Waiting.Count - i];
            if (other.Operation != operation || other.Flags != BlockFlags.None || other.Count + part.Count > Limits.MaxSectors)
            {
                continue;
            }

            if (other.Sector + other.Count == sector)
            {
                (other.More ??= []).Add(part);
                other.Count += part.Count;
                return true;
            }

            if (sector + part.Count == other.Sector)
            {
                (other.More ??= []).Insert(0, other.First);
                other.First = part;
                other.Sector = sector;
                other.Count += part.Count;
                return true;
            }
        }

        return false;
    }
}
