using XenActors.Guest.Block;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block.Front;

namespace XenActors.Experiments.Checkers.Block;

/// <summary>
/// G4: what a flush has acknowledged to a guest is on the volume's medium from then on, whatever crashes. Followed end to end: writes and flushes in the
/// guest, and what the disk has put on its medium (<see cref="MediumWritten"/>); no driver, backend or cache in between is believed.
/// </summary>
/// <remarks>
/// FUA over a ring is WRITE_BARRIER, which Linux' xen-blkback serves as a flush before the data and nothing after it: only the flush counts. A backend that
/// knows no flush answers EOPNOTSUPP, which blkfront turns into success: nothing is promised then.
/// </remarks>
public sealed class FlushDurability() : BlockTraffic("g4-durability"), IObserve<MediumWritten>, IObserve<MediumDiscarded>, IObserve<PowerLost>
{
    private readonly Dictionary<(int Volume, ulong Sector), ulong> _medium = [];
    private readonly SortedDictionary<(int Volume, ulong Sector), SectorDurability> _dirty = [];
    private readonly List<(int Volume, ulong Sector)> _clean = [];

    // Who has written a volume, as dom1/vbd/51712.
    private readonly SortedDictionary<int, SortedSet<string>> _writers = [];
    private CheckedRun? _run;

    /// <remarks>
    /// Without "preflush": block layers here send a flush of its own before a write that needs one. Without "flush not supported": a block layer sends none to
    /// a disk whose driver has found neither flushes nor barriers; one that loses them on its way has a wrong backend.
    /// </remarks>
    public override IReadOnlyList<string> AllBranches { get; } = ["flush", "barrier or FUA", "discard", "power lost", "excused"];

    public override void Attach(CheckedRun run)
    {
        base.Attach(run);
        _run = run;
        run.Observe<MediumWritten>(this);
        run.Observe<MediumDiscarded>(this);
        run.Observe<PowerLost>(this);
    }

    public void On(in Observed at, in MediumWritten what)
    {
        var data = what.Data.Span;
        for (var i = 0u; (i + 1L) * SectorHash.Size <= data.Length; i++)
        {
            _medium[(what.Volume.Number, what.Sector + i)] = SectorHash.At(data, i);
        }
    }

    public void On(in Observed at, in MediumDiscarded what)
    {
        Reach("discard");
        Discard(what.Volume.Number, what.Sector, what.Count);
    }

    public void On(in Observed at, in PowerLost what)
    {
        Reach("power lost");
        Check(at.Time, null, "the power went");
    }

    public override void AtEnd(CheckedRun run) => Check(run.Simulator.Now, null, "the run ended");

    protected override void Begun(BlockTaken request)
    {
        if (request.Disk.Volume is not { } volume)
        {
            return;
        }

        if (request.Request.Operation == BlockOperation.Write)
        {
            WritersOf(volume.Number).Add(request.Disk.Device);
        }

        for (var i = 0u; request.Request.Operation == BlockOperation.Write && i < request.Request.Count; i++)
        {
            Of(volume.Number, request.Request.Sector + i).Begin(request.Number, SectorHash.At(request.Request.Data, i), request.Number);
        }

        if (request.Request.Operation is BlockOperation.Discard or BlockOperation.SecureErase)
        {
            Discard(volume.Number, request.Request.Sector, request.Request.Count);
        }
    }

    protected override void Ended(in Observed at, BlockTaken request, in BlockDone done)
    {
        if (request.Disk.Volume is not { } volume)
        {
            return;
        }

        var asked = request.Request;
        var fua = (asked.Flags & BlockFlags.Fua) != 0;
        for (var i = 0u; asked.Operation == BlockOperation.Write && i < asked.Count; i++)
        {
            if (_dirty.TryGetValue((volume.Number, asked.Sector + i), out var sector))
            {
                sector.End(request.Number, done.Ok, fua && request.Disk.Emulated, Moment);
            }
        }

        if (!done.Ok || (asked.Operation != BlockOperation.Flush && (asked.Flags & (BlockFlags.Preflush | BlockFlags.Fua)) == 0))
        {
            return;
        }

        if (Excused(request.Disk))
        {
            return;
        }

        if (!Promised(request))
        {
            Reach("flush not supported");
            return;
        }

        Reach(asked.Operation == BlockOperation.Flush ? "flush" : fua ? "barrier or FUA" : "preflush");
        foreach (var (key, sector) in _dirty)
        {
            if (key.Volume == volume.Number && (asked.Operation == BlockOperation.Flush || !request.Disk.Emulated || !fua))
            {
                sector.Flushed(request.Number);
            }
        }

        Check(at.Time, volume, $"{request.Disk.Device} answered a flush");
    }

    private bool Promised(BlockTaken request) =>
        request.Disk.Emulated || _run!.Simulator.StateOf<BlkfrontState>(request.Driver) is not { } front || front.Features.Flush || front.Features.Fua;

    // What nobody has written since the last flush needs no word: it is compared with nothing.
    private void Discard(int volume, ulong sector, ulong count)
    {
        foreach (var (key, known) in _dirty)
        {
            if (key.Volume == volume && key.Sector >= sector && key.Sector - sector < count)
            {
                known.Discard();
            }
        }
    }

    private SectorDurability Of(int volume, ulong sector)
    {
        if (!_dirty.TryGetValue((volume, sector), out var known))
        {
            known = new SectorDurability(OnMedium(volume, sector));
            _dirty.Add((volume, sector), known);
        }

        return known;
    }

    private ulong? OnMedium(int volume, ulong sector) => _medium.TryGetValue((volume, sector), out var value) ? value : null;

    private SortedSet<string> WritersOf(int volume)
    {
        if (!_writers.TryGetValue(volume, out var writers))
        {
            _writers.Add(volume, writers = new(StringComparer.Ordinal));
        }

        return writers;
    }

    // A request that a fault has forged may have written anything anywhere, after the flush, too.
    private bool IsForged(int volume)
    {
        if (_run!.Corrupted.Count == 0 || !_writers.TryGetValue(volume, out var writers) || !writers.Any(_run.IsVoid))
        {
            return false;
        }

        Reach("excused");
        return true;
    }

    private void Check(VirtualTime at, VolumeId? only, string when)
    {
        foreach (var (key, sector) in _dirty)
        {
            if ((only is not null && key.Volume != only.Value.Number) || IsForged(key.Volume))
            {
                continue;
            }

            if (!sector.Allows(OnMedium(key.Volume, key.Sector)))
            {
                Fail(at, $"volume {key.Volume}: when {when}, sector {key.Sector} of the medium did not hold what an acknowledged flush had made durable");
                _clean.Add(key);
            }
            else if (sector.Settled)
            {
                _clean.Add(key);
            }
        }

        foreach (var key in _clean)
        {
            _dirty.Remove(key);
        }

        _clean.Clear();
    }
}
