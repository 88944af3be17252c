using System.Buffers.Binary;
using XenActors.DeviceModel.Ide;
using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A libata disk or CD: block requests become ATA commands for its port.</summary>
public sealed partial class AtaDiskActor : Actor<AtaDiskState>
{
    private const int SectorSize = 512;
    private const int CdSectors = 4;
    private const uint RangeMax = ushort.MaxValue;
    private const int RangesMax = SectorSize / 8;
    private const ulong Lba28End = 1 << 28;

    public void On(in BlockRequest m)
    {
        if (!Takes(m.Operation) || (m.Operation == BlockOperation.Write && m.Data.Length != m.Count * (long)SectorSize))
        {
            Context.Tell(Sender, new BlockDone(m.Cookie, BlockStatus.NotSupported, []));
            return;
        }

        var job = new AtaBlockJob
        {
            Asker = Sender,
            Request = m,
            Stage = m.Operation == BlockOperation.Flush ? AtaBlockStage.After
                : m.Flags.HasFlag(BlockFlags.Preflush) ? AtaBlockStage.Before : AtaBlockStage.Moving,
            Data = m.Operation == BlockOperation.Read ? new byte[m.Count * SectorSize] : [],
        };
        Submit(State.NextCookie++, job);
    }

    public void On(in AtaEnded m)
    {
        if (m.Cookie == MediaCookie)
        {
            MediaAnswered(m);
            return;
        }

        if (!State.Jobs.Remove(m.Cookie, out var job))
        {
            return;
        }

        if (job.Stage == AtaBlockStage.Sense)
        {
            Context.Tell(job.Asker, new BlockDone(job.Request.Cookie, BlockStatus.IoError, []));
            return;
        }

        var data = job.Request.Operation == BlockOperation.Read && job.Stage == AtaBlockStage.Moving ? m.Data : [];
        var wanted = State.Packet ? CdLength(job) : (int)job.Part * SectorSize;
        if (!m.Ok && State.Packet)
        {
            job.Stage = AtaBlockStage.Sense;
            State.Jobs[m.Cookie] = job;
            Context.Tell(State.Port, AtapiPacket.RequestSense(State.Position) with { Cookie = m.Cookie });
            return;
        }

        if (!m.Ok || (job.Data.Length > 0 && data.Length < wanted))
        {
            Context.Tell(job.Asker, new BlockDone(job.Request.Cookie, BlockStatus.IoError, []));
            return;
        }

        if (job.Data.Length > 0)
        {
            var skip = State.Packet ? (int)((job.Request.Sector + job.Done) % CdSectors) * SectorSize : 0;
            data.AsSpan(skip, (int)job.Part * SectorSize).CopyTo(job.Data.AsSpan((int)job.Done * SectorSize));
        }

        Advance(job);
        Submit(m.Cookie, job);
    }

    private bool Takes(BlockOperation operation) => operation switch
    {
        BlockOperation.Read => true,
        BlockOperation.Write or BlockOperation.Flush or BlockOperation.Discard => !State.Packet,
        _ => false,
    };

    private static void Advance(AtaBlockJob job)
    {
        if (job.Stage == AtaBlockStage.Before)
        {
            job.Stage = AtaBlockStage.Moving;
            return;
        }

        if (job.Stage == AtaBlockStage.Moving)
        {
            job.Done += job.Part;
        }
        else
        {
            job.Stage = AtaBlockStage.Ended;
        }
    }

    // The next command of the request, or its end.
    private void Submit(long cookie, AtaBlockJob job)
    {
        if (Next(cookie, job) is not { } submit)
        {
            Context.Tell(job.Asker, new BlockDone(job.Request.Cookie, BlockStatus.Ok, job.Data));
            return;
        }

        State.Jobs[cookie] = job;
        Context.Tell(State.Port, submit);
    }

    private AtaSubmit? Next(long cookie, AtaBlockJob job)
    {
        var left = job.Request.Count - job.Done;
        if (job.Stage == AtaBlockStage.Moving && left == 0)
        {
            job.Stage = job.Request.Flags.HasFlag(BlockFlags.Fua) ? AtaBlockStage.After : AtaBlockStage.Ended;
        }

        return job.Stage switch
        {
            AtaBlockStage.Ended => null,
            AtaBlockStage.Before or AtaBlockStage.After => Flush(cookie),
            _ when job.Request.Operation == BlockOperation.Discard => Trim(cookie, job, left),
            _ => State.Packet ? ReadCd(cookie, job, left) : Move(cookie, job, left),
        };
    }

    private AtaSubmit Flush(long cookie) =>
        new(cookie, State.Position, AtaProtocol.NoData, new(State.Lba48 ? AtaCommandCode.FlushCacheExt : AtaCommandCode.FlushCache));

    private AtaSubmit Move(long cookie, AtaBlockJob job, uint left)
    {
        job.Part = Math.Min(left, AtaPortState.DataMax / SectorSize);
        var (write, sector) = (job.Request.Operation == BlockOperation.Write, job.Request.Sector + job.Done);

        // libata takes the long form only where the short one cannot say it.
        var lba48 = State.Lba48 && (sector + job.Part >= Lba28End || job.Part > 256);
        var file = new AtaTaskfile(Command(write, lba48), 0, (ushort)(lba48 ? job.Part : job.Part & 0xFF), sector, lba48);
        var protocol = (State.Dma, write) switch
        {
            (true, true) => AtaProtocol.DmaOut,
            (true, false) => AtaProtocol.DmaIn,
            (false, true) => AtaProtocol.PioOut,
            _ => AtaProtocol.PioIn,
        };
        return new(cookie, State.Position, protocol, file)
        {
            Data = write ? job.Request.Data.AsSpan((int)job.Done * SectorSize, (int)job.Part * SectorSize).ToArray() : [],
            Bytes = write ? 0 : (int)job.Part * SectorSize,
            BlockBytes = Math.Max(1, State.Multiple) * SectorSize,
        };
    }

    private byte Command(bool write, bool lba48) => (State.Dma, State.Multiple > 0, write, lba48) switch
    {
        (true, _, false, false) => AtaCommandCode.ReadDma,
        (true, _, false, true) => AtaCommandCode.ReadDmaExt,
        (true, _, true, false) => AtaCommandCode.WriteDma,
        (true, _, true, true) => AtaCommandCode.WriteDmaExt,
        (false, true, false, false) => AtaCommandCode.ReadMultiple,
        (false, true, false, true) => AtaCommandCode.ReadMultipleExt,
        (false, true, true, false) => AtaCommandCode.WriteMultiple,
        (false, true, true, true) => AtaCommandCode.WriteMultipleExt,
        (false, false, false, false) => AtaCommandCode.ReadSectors,
        (false, false, false, true) => AtaCommandCode.ReadSectorsExt,
        (false, false, true, false) => AtaCommandCode.WriteSectors,
        _ => AtaCommandCode.WriteSectorsExt,
    };

    // DATA SET MANAGEMENT: one sector of ranges.
    private AtaSubmit Trim(long cookie, AtaBlockJob job, uint left)
    {
        var ranges = new byte[SectorSize];
        job.Part = 0;
        for (var i = 0; i < RangesMax && job.Part < left; i++)
        {
            var count = Math.Min(RangeMax, left - job.Part);
            var range = (job.Request.Sector + job.Done + job.Part) | ((ulong)count << 48);
            BinaryPrimitives.WriteUInt64LittleEndian(ranges.AsSpan(8 * i), range);
            job.Part += count;
        }

        return new(cookie, State.Position, AtaProtocol.DmaOut, new(AtaCommandCode.DataSetManagement, 1, 1, 0, true)) { Data = ranges };
    }

    private AtaSubmit ReadCd(long cookie, AtaBlockJob job, uint left)
    {
        var first = job.Request.Sector + job.Done;
        job.Part = Math.Min(left, (AtaPortState.DataMax / SectorSize) - (uint)(first % CdSectors));
        var packet = new byte[12];
        packet[0] = AtapiPacket.Read10;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(2), (uint)(first / CdSectors));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(7), (ushort)(CdLength(job) / (CdSectors * SectorSize)));
        return new(cookie, State.Position, AtaProtocol.Packet, default) { Packet = packet, Bytes = CdLength(job) };
    }

    // Whole blocks around the sectors.
    private static int CdLength(AtaBlockJob job)
    {
        var first = job.Request.Sector + job.Done;
        var blocks = ((first + job.Part + CdSectors - 1) / CdSectors) - (first / CdSectors);
        return (int)blocks * CdSectors * SectorSize;
    }
}
