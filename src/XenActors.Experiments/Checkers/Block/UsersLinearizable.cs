using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Block;

/// <summary>
/// The same for those who use a guest's disks through its block layer, page cache included: every sector is an atomic register for all handles of a disk. Not
/// judged: a disk that is used both with O_DIRECT and without, which Linux does not keep coherent, and one after its first failed write or sync, whose pages may
/// then be older or newer than the disk.
/// </summary>
public sealed class UsersLinearizable() : Checker("block-users-linearizable"), IObserve<BlockHandleOpened>, IObserve<BlockIo>, IObserve<BlockIoDone>
{
    private readonly Dictionary<(ActorRef Layer, uint Handle), Opened?> _handles = [];
    private readonly Dictionary<(ActorRef Layer, int Disk), UsedDisk> _disks = [];
    private readonly Dictionary<(ActorRef Layer, ActorRef User, long Cookie), Asked> _open = [];
    private CheckedRun? _run;

    /// <remarks>Without a secure discard that succeeds: no volume of a host erases securely, so that no backend offers discard-secure.</remarks>
    public override IReadOnlyList<string> AllBranches { get; } =
        [.. Enum.GetNames<BlockIoOperation>().SelectMany(o => (string[])[o, $"{o} failed"]).Where(b => b != nameof(BlockIoOperation.SecureDiscard))];

    public override void Attach(CheckedRun run)
    {
        _run = run;
        run.Observe<BlockHandleOpened>(this);
        run.Observe<BlockIo>(this);
        run.Observe<BlockIoDone>(this);
    }

    public void On(in Observed at, in BlockHandleOpened what)
    {
        if (!_disks.TryGetValue((at.Actor, what.Disk), out var disk))
        {
            _disks.Add((at.Actor, what.Disk), disk = new UsedDisk());
        }

        var name = DiskIdentity.Of(_run!.Machine, what.Driver);
        _handles[(at.Actor, what.Handle)] = name is null ? null : new(name.Device, disk, what.Start, what.Direct);
    }

    public void On(in Observed at, in BlockIo what)
    {
        if (!_handles.TryGetValue((at.Actor, what.Handle), out var opened) || opened is null)
        {
            return;
        }

        Seen++;
        var disk = opened.Disk;
        disk.Direct |= opened.Direct;
        disk.Buffered |= !opened.Direct;
        disk.Unjudged |= disk.Direct && disk.Buffered;
        var asked = new Asked(at.Time, what, opened, disk.Unjudged ? [] : new int[what.Operation == BlockIoOperation.Sync ? 0 : what.Count]);
        _open[(at.Actor, at.Sender, what.Cookie)] = asked;
        for (var i = 0u; i < asked.Places.Length; i++)
        {
            var register = disk.Register(opened.Start + what.Sector + i);
            switch (what.Operation)
            {
                case BlockIoOperation.Read:
                    asked.Places[i] = register.BeginRead();
                    break;
                case BlockIoOperation.Write:
                    asked.Places[i] = register.BeginWrite(SectorHash.At(what.Data, i));
                    break;
                case BlockIoOperation.WriteZeroes:
                    asked.Places[i] = register.BeginWrite(SectorHash.Zeroes);
                    break;
                default:
                    register.Discard();
                    break;
            }
        }
    }

    public void On(in Observed at, in BlockIoDone what)
    {
        if (!_open.Remove((at.Sender, at.Actor, what.Cookie), out var asked))
        {
            return;
        }

        var io = asked.Io;
        var reads = io.Operation == BlockIoOperation.Read;
        Reach(what.Ok ? io.Operation.ToString() : $"{io.Operation} failed");
        var disk = asked.Opened.Disk;
        if (!what.Ok && !reads)
        {
            disk.Unjudged = true;
        }

        for (var i = 0u; i < asked.Places.Length && !disk.Unjudged && io.Operation is not (BlockIoOperation.Discard or BlockIoOperation.SecureDiscard); i++)
        {
            var register = disk.Register(asked.Opened.Start + io.Sector + i);

            // A read that reaches the device's end brings what there is.
            var here = what.Ok && (!reads || (i + 1L) * SectorHash.Size <= what.Data.Length);
            var right = reads
                ? register.EndRead(asked.Places[i], here ? SectorHash.At(what.Data, i) : 0, here)
                : register.EndWrite(asked.Places[i], what.Ok);
            if (!right && !_run!.IsVoid(asked.Opened.Name))
            {
                Fail(at.Time, $"{asked.Opened.Name}: sector {asked.Opened.Start + io.Sector + i} was {(reads ? "read as what it never held" : "written with no place among other answers")} between {asked.At} and now");
                return;
            }
        }
    }

    private sealed record Opened(string Name, UsedDisk Disk, ulong Start, bool Direct);

    private sealed record Asked(VirtualTime At, BlockIo Io, Opened Opened, int[] Places);

    private sealed class UsedDisk
    {
        private readonly Dictionary<ulong, SectorRegister> _sectors = [];

        public bool Direct { get; set; }

        public bool Buffered { get; set; }

        public bool Unjudged { get; set; }

        public SectorRegister Register(ulong sector)
        {
            if (!_sectors.TryGetValue(sector, out var register))
            {
                _sectors.Add(sector, register = new SectorRegister());
            }

            return register;
        }
    }
}
