using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Block;

/// <summary>A request that a disk driver has taken, until its asker has the answer.</summary>
public sealed class BlockTaken(long number, VirtualTime at, ActorRef driver, BlockRequest request, DiskIdentity disk)
{
    /// <summary>Counts what was seen: a moment.</summary>
    public long Number { get; } = number;

    public VirtualTime At { get; } = at;

    public ActorRef Driver { get; } = driver;

    public BlockRequest Request { get; } = request;

    public DiskIdentity Disk { get; } = disk;

    /// <summary>Per sector the number of the operation there, where a checker wants one.</summary>
    public int[] Places { get; set; } = [];
}

/// <summary>Sees every request between a guest's block layer and its disk drivers, from the driver's hand to the asker's.</summary>
public abstract class BlockTraffic(string name) : Checker(name), IObserve<BlockRequest>, IObserve<BlockDone>
{
    private readonly Dictionary<(ActorRef Driver, ActorRef Asker, long Cookie), BlockTaken> _open = [];
    private readonly Dictionary<ActorRef, DiskIdentity?> _disks = [];
    private CheckedRun? _run;

    /// <summary>The number of the last thing seen.</summary>
    protected long Moment { get; private set; }

    /// <summary>A fault has this disk's data or answers wrong by design.</summary>
    protected bool Excused(DiskIdentity disk)
    {
        var excused = _run!.IsVoid(disk.Device);
        if (excused)
        {
            Reach("excused");
        }

        return excused;
    }

    /// <summary>Requests without an answer.</summary>
    protected IEnumerable<BlockTaken> Open => _open.Values;

    public override void Attach(CheckedRun run)
    {
        _run = run;
        run.Observe<BlockRequest>(this);
        run.Observe<BlockDone>(this);
    }

    public void On(in Observed at, in BlockRequest what)
    {
        if (DiskOf(at.Actor) is not { } disk)
        {
            return;
        }

        Seen++;
        var taken = new BlockTaken(++Moment, at.Time, at.Actor, what, disk);
        if (!_open.TryAdd((at.Actor, at.Sender, what.Cookie), taken))
        {
            Doubled(in at, taken);
            _open[(at.Actor, at.Sender, what.Cookie)] = taken;
        }

        Begun(taken);
    }

    public void On(in Observed at, in BlockDone what)
    {
        if (DiskOf(at.Sender) is not { } disk)
        {
            return;
        }

        Moment++;
        if (_open.Remove((at.Sender, at.Actor, what.Cookie), out var taken))
        {
            Ended(in at, taken, in what);
        }
        else
        {
            Unasked(in at, disk, in what);
        }
    }

    protected abstract void Begun(BlockTaken request);

    protected abstract void Ended(in Observed at, BlockTaken request, in BlockDone done);

    /// <summary>A request comes under the number of one that is still out.</summary>
    protected virtual void Doubled(in Observed at, BlockTaken request)
    {
    }

    /// <summary>An answer comes that nobody waits for.</summary>
    protected virtual void Unasked(in Observed at, DiskIdentity disk, in BlockDone done)
    {
    }

    private DiskIdentity? DiskOf(ActorRef driver)
    {
        if (!_disks.TryGetValue(driver, out var disk))
        {
            disk = DiskIdentity.Of(_run!.Machine, driver);
            _disks.Add(driver, disk);
        }

        return disk;
    }
}
