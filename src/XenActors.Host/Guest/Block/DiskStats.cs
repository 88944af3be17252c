using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>What <c>/proc/diskstats</c> counts of one kind of request (<c>Documentation/admin-guide/iostats.rst</c>).</summary>
[Codec]
public partial record struct DiskCounts
{
    public long Ios { get; set; }

    public long Merges { get; set; }

    public long Sectors { get; set; }

    /// <summary>From queue to end, summed.</summary>
    public VirtualDuration Ticks { get; set; }
}

/// <summary>A disk's line of <c>/proc/diskstats</c>.</summary>
[Codec]
public sealed partial class DiskStats
{
    public DiskCounts Reads;

    public DiskCounts Writes;

    public DiskCounts Discards;

    public DiskCounts Flushes;

    public long Errors { get; set; }

    /// <summary>How long something was under way (io_ticks).</summary>
    public VirtualDuration Busy { get; set; }

    /// <summary>Requests between queue and end.</summary>
    public int InFlight { get; set; }

    public VirtualTime BusySince { get; set; }

    public void Begin(VirtualTime now)
    {
        if (InFlight++ == 0)
        {
            BusySince = now;
        }
    }

    public void End(DiskRequest request, bool ok, VirtualTime now)
    {
        if (--InFlight == 0)
        {
            Busy += now - BusySince;
        }

        Errors += ok ? 0 : 1;
        ref var counts = ref Of(request.Operation);
        counts.Ios++;
        counts.Sectors += request.Count;
        counts.Ticks += now - request.Queued;
    }

    public ref DiskCounts Of(BlockOperation operation)
    {
        switch (operation)
        {
            case BlockOperation.Read:
                return ref Reads;
            case BlockOperation.Write:
                return ref Writes;
            case BlockOperation.Flush:
                return ref Flushes;
            default:
                return ref Discards;
        }
    }
}
