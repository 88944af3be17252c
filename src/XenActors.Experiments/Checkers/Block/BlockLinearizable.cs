using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Block;

/// <summary>
/// Every sector is an atomic register for all that use its disk: what a read brings was there at one moment while the read was under way. A request is
/// torn at sectors only, and a write that failed may have happened. Both ways to a volume, emulated and paravirtual, reach the same sectors.
/// </summary>
public sealed class BlockLinearizable() : BlockTraffic("block-linearizable")
{
    private readonly Dictionary<(long Disk, ulong Sector), SectorRegister> _sectors = [];

    public override IReadOnlyList<string> AllBranches { get; } =
    [
        "read", "write", "read failed", "write failed", "flush", "discard", "overlapping", "undefined contents", "excused",
    ];

    protected override void Begun(BlockTaken request)
    {
        var (count, kind) = (request.Request.Count, request.Request.Operation);
        if (kind == BlockOperation.Flush)
        {
            return;
        }

        if (kind is BlockOperation.Discard or BlockOperation.SecureErase)
        {
            Discard(DiskOf(request), request.Request.Sector, count);
            return;
        }

        var writes = kind == BlockOperation.Write;
        var places = new int[count];
        for (var i = 0u; i < count; i++)
        {
            var register = Register(request, i);
            places[i] = writes ? register.BeginWrite(SectorHash.At(request.Request.Data, i)) : register.BeginRead();
        }

        request.Places = places;
    }

    protected override void Ended(in Observed at, BlockTaken request, in BlockDone done)
    {
        var asked = request.Request;
        if (asked.Operation is not (BlockOperation.Read or BlockOperation.Write))
        {
            Reach(asked.Operation == BlockOperation.Flush ? "flush" : "discard");
            return;
        }

        var reads = asked.Operation == BlockOperation.Read;
        Reach(done.Ok ? reads ? "read" : "write" : reads ? "read failed" : "write failed");
        if (reads && done.Ok && done.Data.Length != asked.Count * (long)SectorHash.Size)
        {
            Fail(at.Time, $"{request.Disk.Device}: a read of {asked.Count} sectors at {asked.Sector} brought {done.Data.Length} bytes");
            return;
        }

        for (var i = 0u; i < asked.Count; i++)
        {
            var register = Register(request, i);
            var overlaps = !register.Quiet && (reads ? done.Ok : true);
            var right = reads
                ? register.EndRead(request.Places[i], done.Ok ? SectorHash.At(done.Data, i) : 0, done.Ok)
                : register.EndWrite(request.Places[i], done.Ok);
            if (!right && !Excused(request.Disk))
            {
                Fail(at.Time, Wrong(request, asked.Sector + i, reads));
                return;
            }

            if (overlaps && !register.Quiet)
            {
                Reach("overlapping");
            }

            if (register.Undefined)
            {
                Reach("undefined contents");
            }
        }
    }

    private static string Wrong(BlockTaken request, ulong sector, bool reads) => reads
        ? $"{request.Disk.Device}: sector {sector} was read as what it never held between {request.At} and now"
        : $"{request.Disk.Device}: the write of sector {sector} that began at {request.At} has no place among the answers that others had";

    // Sectors that nobody has touched are unknown anyway.
    private void Discard(long disk, ulong sector, ulong count)
    {
        if (count <= (ulong)_sectors.Count)
        {
            for (var i = 0UL; i < count; i++)
            {
                if (_sectors.TryGetValue((disk, sector + i), out var register))
                {
                    register.Discard();
                }
            }

            return;
        }

        foreach (var (key, register) in _sectors)
        {
            if (key.Disk == disk && key.Sector >= sector && key.Sector - sector < count)
            {
                register.Discard();
            }
        }
    }

    // A volume's sectors are the same ones for all its users; a disk of an unknown volume has its own.
    private static long DiskOf(BlockTaken request) => request.Disk.Volume is { } volume
        ? volume.Number
        : -1 - (((long)request.Driver.Process << 32) | (uint)request.Driver.Local);

    private SectorRegister Register(BlockTaken request, uint i)
    {
        var key = (DiskOf(request), request.Request.Sector + i);
        if (!_sectors.TryGetValue(key, out var register))
        {
            _sectors.Add(key, register = new SectorRegister());
        }

        return register;
    }
}
