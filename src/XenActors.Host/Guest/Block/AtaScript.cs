using System.Buffers.Binary;
using XenActors.DeviceModel.Ide;

namespace XenActors.Guest.Block;

/// <summary>
/// The register accesses of libata's SFF and BMDMA layers (Linux drivers/ata/libata-sff.c), one by one: 23 exits, one interrupt and its EOI
/// for a DMA command with a 48-bit address, 18 with 28 bits. Not counted among them, and left out: the second selection of a device that is
/// selected already.
/// </summary>
internal static partial class AtaScript
{
    /// <summary>A region must not cross 64 KiB.</summary>
    private const uint RegionMax = 0x10000;

    private const int ControlDefault = 0x08;

    /// <summary>libata moves a sector with one string instruction, whatever a block has; packets' data go page by page.</summary>
    private const int SectorBytes = 512;
    private const int PageWords = 2048;

    // How often a status is read before the drive counts as dead.
    private const int PollsMax = 64;

    public static IEnumerable<AtaStep> Of(AtaRun run) => run.Port.Active switch
    {
        null => Idle(run),
        { Reset: true } => Reset(run),
        { Submit.Protocol: AtaProtocol.Packet } => Packet(run),
        { Submit: { Polled: true } } => Polled(run),
        { Submit.Protocol: AtaProtocol.DmaIn or AtaProtocol.DmaOut } => Dma(run),
        _ => Pio(run),
    };

    private static IEnumerable<AtaStep> Dma(AtaRun run)
    {
        var (port, submit) = (run.Port, run.Port.Active!.Submit!);
        var read = submit.Protocol == AtaProtocol.DmaIn;
        var length = read ? submit.Bytes : submit.Data.Length;
        yield return AtaStep.Store(port.TableAddress, Table(port.DataAddress, length));
        if (!read)
        {
            yield return AtaStep.Store(port.DataAddress, submit.Data);
        }

        foreach (var step in Load(port, submit))
        {
            yield return step;
        }

        foreach (var step in Setup(run, read))
        {
            yield return step;
        }

        yield return AtaStep.Out(port.Command + AtaRegister.Command, submit.Taskfile.Command);
        foreach (var step in Start(run))
        {
            yield return step;
        }

        yield return AtaStep.WaitInterrupt;
        foreach (var step in DmaInterrupt(run))
        {
            yield return step;
        }

        foreach (var step in Finish(run, read ? length : 0, read))
        {
            yield return step;
        }
    }

    // Without an interrupt of its own the transfer is read block by block, as each is announced.
    private static IEnumerable<AtaStep> Pio(AtaRun run)
    {
        var (port, submit) = (run.Port, run.Port.Active!.Submit!);
        foreach (var step in Load(port, submit))
        {
            yield return step;
        }

        yield return AtaStep.Out(port.Command + AtaRegister.Command, submit.Taskfile.Command);
        var (taken, sent) = (new List<byte>(submit.Bytes), 0);
        if (submit.Protocol == AtaProtocol.PioOut)
        {
            // The first block is not announced by an interrupt.
            yield return AtaStep.In(port.Control);
            yield return AtaStep.In(port.Command + AtaRegister.Command);
            var first = (run.Value & AtaStatus.DataRequest) != 0 ? Math.Min(submit.BlockBytes, submit.Data.Length) : 0;
            for (; sent < first; sent += SectorBytes)
            {
                yield return AtaStep.OutWords(port.Command, submit.Data[sent..(sent + SectorBytes)]);
            }
        }

        for (var more = true; more;)
        {
            yield return AtaStep.WaitInterrupt;
            yield return AtaStep.In(port.Control);
            yield return AtaStep.In(port.Command + AtaRegister.Command);
            run.Status = run.Value;
            if ((run.Status & AtaStatus.DataRequest) != 0 && submit.Protocol == AtaProtocol.PioIn && taken.Count < submit.Bytes)
            {
                for (var end = Math.Min(taken.Count + submit.BlockBytes, submit.Bytes); taken.Count < end;)
                {
                    yield return AtaStep.InWords(port.Command, SectorBytes / 2);
                    taken.AddRange(run.Answer.Data);
                }

                more = taken.Count < submit.Bytes;
            }
            else if ((run.Status & AtaStatus.DataRequest) != 0 && sent < submit.Data.Length)
            {
                for (var end = Math.Min(sent + submit.BlockBytes, submit.Data.Length); sent < end; sent += SectorBytes)
                {
                    yield return AtaStep.OutWords(port.Command, submit.Data[sent..(sent + SectorBytes)]);
                }
            }
            else
            {
                more = false;
            }

            foreach (var step in ClearInterrupt(run))
            {
                yield return step;
            }

            yield return AtaStep.EndInterrupt;
        }

        run.Data = [.. taken];
        foreach (var step in ReadError(run))
        {
            yield return step;
        }
    }

    // nIEN is set meanwhile, so that no interrupt comes.
    private static IEnumerable<AtaStep> Polled(AtaRun run)
    {
        var (port, submit) = (run.Port, run.Port.Active!.Submit!);
        yield return AtaStep.Out(port.Control, ControlDefault | AtaRegister.ControlNoInterrupt);
        foreach (var step in Load(port, submit))
        {
            yield return step;
        }

        yield return AtaStep.Out(port.Command + AtaRegister.Command, submit.Taskfile.Command);
        yield return AtaStep.In(port.Control);
        for (var i = 0; i < PollsMax; i++)
        {
            yield return AtaStep.In(port.Command + AtaRegister.Command);
            run.Status = run.Value;
            if ((run.Status & AtaStatus.Busy) == 0)
            {
                break;
            }
        }

        if ((run.Status & (AtaStatus.DataRequest | AtaStatus.Busy)) == AtaStatus.DataRequest && submit.Bytes > 0)
        {
            yield return AtaStep.InWords(port.Command, submit.Bytes / 2);
            run.Data = run.Answer.Data;
            yield return AtaStep.In(port.Control);
            yield return AtaStep.In(port.Command + AtaRegister.Command);
            run.Status = run.Value;
        }

        yield return AtaStep.Out(port.Control, ControlDefault);
        foreach (var step in ClearInterrupt(run))
        {
            yield return step;
        }

        foreach (var step in ReadError(run))
        {
            yield return step;
        }
    }

    // An interrupt that no command waits for.
    private static IEnumerable<AtaStep> Idle(AtaRun run)
    {
        yield return AtaStep.In(run.Port.Command + AtaRegister.Command);
        foreach (var step in ClearInterrupt(run))
        {
            yield return step;
        }

        yield return AtaStep.EndInterrupt;
    }

    private static AtaStep Select(AtaPortState port, int device) =>
        AtaStep.Out(port.Command + AtaRegister.Device, AtaRegister.DeviceObsolete | (device != 0 ? AtaRegister.DeviceSlave : 0));

    // A 48-bit address goes through each register twice, its upper half first.
    private static IEnumerable<AtaStep> Load(AtaPortState port, AtaSubmit submit)
    {
        var file = submit.Taskfile;
        var (lba, device) = (file.Lba, AtaRegister.DeviceObsolete | (submit.Position != 0 ? AtaRegister.DeviceSlave : 0));
        if (file.Lba48)
        {
            yield return AtaStep.Out(port.Command + AtaRegister.Feature, file.Feature >> 8);
            yield return AtaStep.Out(port.Command + AtaRegister.Count, file.Count >> 8);
            yield return AtaStep.Out(port.Command + AtaRegister.LbaLow, (int)((lba >> 24) & 0xFF));
            yield return AtaStep.Out(port.Command + AtaRegister.LbaMid, (int)((lba >> 32) & 0xFF));
            yield return AtaStep.Out(port.Command + AtaRegister.LbaHigh, (int)((lba >> 40) & 0xFF));
        }

        yield return AtaStep.Out(port.Command + AtaRegister.Feature, file.Feature & 0xFF);
        yield return AtaStep.Out(port.Command + AtaRegister.Count, file.Count & 0xFF);
        yield return AtaStep.Out(port.Command + AtaRegister.LbaLow, (int)(lba & 0xFF));
        yield return AtaStep.Out(port.Command + AtaRegister.LbaMid, (int)((lba >> 8) & 0xFF));
        yield return AtaStep.Out(port.Command + AtaRegister.LbaHigh, (int)((lba >> 16) & 0xFF));
        device |= submit.Protocol == AtaProtocol.Packet ? 0 : AtaRegister.DeviceLba;
        yield return AtaStep.Out(port.Command + AtaRegister.Device, device | (file.Lba48 ? 0 : (int)((lba >> 24) & 0x0F)));
    }

    // ata_bmdma_setup: the table's address and the direction.
    private static IEnumerable<AtaStep> Setup(AtaRun run, bool read)
    {
        var port = run.Port;
        yield return AtaStep.Out(port.BusMaster + 4, (int)port.TableAddress, 4);
        yield return AtaStep.In(port.BusMaster);
        var kept = run.Value & ~(IdeBusMaster.ToMemory | IdeBusMaster.Start);
        yield return AtaStep.Out(port.BusMaster, kept | (read ? IdeBusMaster.ToMemory : 0));
    }

    private static IEnumerable<AtaStep> Start(AtaRun run)
    {
        yield return AtaStep.In(run.Port.BusMaster);
        yield return AtaStep.Out(run.Port.BusMaster, run.Value | IdeBusMaster.Start);
    }

    private static IEnumerable<AtaStep> DmaInterrupt(AtaRun run)
    {
        var port = run.Port;
        yield return AtaStep.In(port.BusMaster + 2);
        var master = run.Value;
        yield return AtaStep.In(port.BusMaster);
        yield return AtaStep.Out(port.BusMaster, run.Value & ~IdeBusMaster.Start);
        yield return AtaStep.In(port.Control);
        yield return AtaStep.In(port.Command + AtaRegister.Command);
        run.Status = run.Value;

        // A controller that has gone reads as ones: a host bus error.
        if ((master & IdeBusMaster.Error) != 0)
        {
            run.Status |= AtaStatus.Error;
        }

        yield return AtaStep.Out(port.BusMaster + 2, master);
        yield return AtaStep.EndInterrupt;
    }

    private static IEnumerable<AtaStep> ClearInterrupt(AtaRun run)
    {
        yield return AtaStep.In(run.Port.BusMaster + 2);
        yield return AtaStep.Out(run.Port.BusMaster + 2, run.Value);
    }

    private static IEnumerable<AtaStep> Finish(AtaRun run, int length, bool dma)
    {
        if (dma && (run.Status & AtaStatus.Error) == 0 && length > 0)
        {
            yield return AtaStep.Load(run.Port.DataAddress, length);
            run.Data = run.Answer.Data;
        }

        foreach (var step in ReadError(run))
        {
            yield return step;
        }
    }

    private static IEnumerable<AtaStep> ReadError(AtaRun run)
    {
        if ((run.Status & AtaStatus.Error) != 0)
        {
            yield return AtaStep.In(run.Port.Command + AtaRegister.Feature);
            run.Error = run.Value;
        }
    }

    /// <summary>Physical region descriptors for a contiguous buffer: address, length (0 for 64 KiB), and the last one's mark.</summary>
    private static byte[] Table(uint address, int length)
    {
        var entries = new List<(uint Address, uint Length)>();
        for (var left = (uint)length; left > 0;)
        {
            var part = Math.Min(left, RegionMax - (address % RegionMax));
            entries.Add((address, part));
            (address, left) = (address + part, left - part);
        }

        var table = new byte[8 * entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            var last = i == entries.Count - 1 ? 0x80000000 : 0;
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(8 * i), entries[i].Address);
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan((8 * i) + 4), (entries[i].Length & 0xFFFF) | last);
        }

        return table;
    }
}
