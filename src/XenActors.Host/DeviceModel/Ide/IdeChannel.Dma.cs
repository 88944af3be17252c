using System.Buffers.Binary;
using XenActors.Hypervisor.Memory;

namespace XenActors.DeviceModel.Ide;

/// <summary>The bus master's registers and transfers.</summary>
public sealed partial class IdeChannel
{
    /// <summary>Sectors that go to the disk at once: 128 KiB, as much as a driver asks for.</summary>
    private const int PartSectors = 256;

    private const int RangeSize = 8;

    public void WriteBusMasterCommand(byte value)
    {
        var master = BusMaster;
        if (((value ^ master.Command) & IdeBusMaster.Start) != 0)
        {
            if ((value & IdeBusMaster.Start) == 0)
            {
                Stop();
            }
            else
            {
                master.TableAt = master.Address;
                if ((master.Status & IdeBusMaster.Active) == 0)
                {
                    master.Status |= IdeBusMaster.Active;
                    RunTransfer();
                }
            }
        }

        master.Command = (byte)(value & (IdeBusMaster.Start | IdeBusMaster.ToMemory));
    }

    /// <summary>Bits 1 and 2 are cleared by ones, bits 5 and 6 are the drivers' own notes.</summary>
    public void WriteBusMasterStatus(byte value) => BusMaster.Status = (byte)(
        (value & 0x60) | (BusMaster.Status & IdeBusMaster.Active) |
        (BusMaster.Status & ~value & (IdeBusMaster.Error | IdeBusMaster.Interrupt)));

    // A transfer cannot be left half done: the access that stops it waits for its end.
    private void Stop()
    {
        CancelTransfer();
        if (Work is { Dma: true })
        {
            StopPending = true;
            return;
        }

        BusMaster.Status &= unchecked((byte)~IdeBusMaster.Active);
    }

    // A CD's transfer goes through a buffer of QEMU's own, and so can be left.
    private void CancelTransfer()
    {
        if (BusMaster.Kind != IdeDmaKind.Packet || Work is not { Dma: true })
        {
            return;
        }

        Abandon();
        PacketFailed(DeviceAt(BusMaster.Unit));
        BusMaster.End(false);
    }

    private void StartTransfer(IdeDevice device, IdeDmaKind kind)
    {
        BusMaster.Prepare(kind, UnitOf(device));
        if ((BusMaster.Status & IdeBusMaster.Active) != 0)
        {
            RunTransfer();
        }
    }

    private void StartDisk(IdeDevice device, IdeDmaKind kind)
    {
        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete | AtaStatus.DataRequest;
        StartTransfer(device, kind);
    }

    private void RunTransfer()
    {
        if (BusMaster.Kind == IdeDmaKind.None || Work is not null)
        {
            return;
        }

        var device = DeviceAt(BusMaster.Unit);
        BusMaster.Prepare(BusMaster.Kind, BusMaster.Unit);
        (BusMaster.FirstSector, BusMaster.Sectors) = (device.Sector, device.Count);
        if (BusMaster.Kind != IdeDmaKind.Packet && BusMaster.Sectors == 0)
        {
            EndDisk(device);
            return;
        }

        var table = BusMaster.TableExtent;
        if (table.Length > 0)
        {
            Begin(new(IdeWorkKind.ReadMemory) { Unit = BusMaster.Unit, Extents = [table], Dma = true });
        }
        else
        {
            TableRead(device, []);
        }
    }

    private void TableRead(IdeDevice device, byte[] table)
    {
        var master = BusMaster;
        master.TakeTable(table);
        if (master.Kind == IdeDmaKind.Packet)
        {
            PacketTransfer(device);
            return;
        }

        var wanted = (long)master.Sectors * SectorSize;
        master.Extents = master.Next(wanted);
        if (MemoryExtents.Length(master.Extents) < wanted)
        {
            // Too short a table: the engine stops, and no interrupt tells of it.
            device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
            master.End(false);
            return;
        }

        master.Longer = master.Skip();
        if (master.Kind != IdeDmaKind.Trim && !device.Has(master.FirstSector, master.Sectors))
        {
            FailTransfer(device);
            return;
        }

        NextPart(device);
    }

    // Called after each work of a transfer.
    private void MoveOn(IdeWork work, bool ok, byte[] data)
    {
        var (master, device) = (BusMaster, DeviceAt(work.Unit));
        if (master.Table is null)
        {
            TableRead(device, data);
            return;
        }

        if (master.Kind == IdeDmaKind.Packet)
        {
            PacketPart(device, ok, data);
            return;
        }

        if (!ok)
        {
            FailTransfer(device);
            return;
        }

        switch (work.Kind)
        {
            case IdeWorkKind.ReadMemory when master.Kind == IdeDmaKind.Trim:
                (master.Ranges, master.SectorsDone) = (data, master.Sectors);
                Trim(device);
                return;
            case IdeWorkKind.ReadMemory:
                device.Dirty |= device.WriteCache;
                Begin(new(IdeWorkKind.WriteDisk)
                {
                    Unit = master.Unit, Volume = device.Drive!.Volume, Sector = (ulong)(master.FirstSector + master.SectorsDone), Data = data,
                    Fua = !device.WriteCache, Dma = true,
                });
                return;
            case IdeWorkKind.DiscardDisk:
                Trim(device);
                return;
            case IdeWorkKind.ReadDisk:
                Stores.Add(new(MemoryExtents.Slice(master.Extents, master.SectorsDone * SectorSize, data.Length), data));
                master.SectorsDone += work.Count;
                break;
            default:
                master.SectorsDone += work.Data.Length / SectorSize;
                break;
        }

        NextPart(device);
    }

    private void NextPart(IdeDevice device)
    {
        var master = BusMaster;
        var count = Math.Min(PartSectors, master.Sectors - master.SectorsDone);
        if (count <= 0)
        {
            EndDisk(device);
        }
        else if (master.Kind == IdeDmaKind.Read)
        {
            Begin(new(IdeWorkKind.ReadDisk)
            {
                Unit = master.Unit, Volume = device.Drive!.Volume, Sector = (ulong)(master.FirstSector + master.SectorsDone), Count = (uint)count,
                Dma = true,
            });
        }
        else
        {
            Begin(new(IdeWorkKind.ReadMemory)
            {
                Unit = master.Unit, Extents = MemoryExtents.Slice(master.Extents, master.SectorsDone * SectorSize, count * SectorSize),
                Dma = true,
            });
        }
    }

    // A range is 48 bits of address and 16 of length; a range of none is passed over.
    private void Trim(IdeDevice device)
    {
        var (master, drive) = (BusMaster, device.Drive!);
        while ((master.RangesDone + 1) * RangeSize <= master.Ranges.Length)
        {
            var range = BinaryPrimitives.ReadUInt64LittleEndian(master.Ranges.AsSpan(master.RangesDone * RangeSize));
            master.RangesDone++;
            var (sector, count) = ((long)(range & 0xFFFF_FFFF_FFFF), (long)(range >> 48));
            if (count == 0)
            {
                continue;
            }

            if (!device.Has(sector, count))
            {
                FailTransfer(device);
                return;
            }

            if (drive.Unmap)
            {
                Begin(new(IdeWorkKind.DiscardDisk)
                {
                    Unit = master.Unit, Volume = drive.Volume, Sector = (ulong)sector, Count = (uint)count, Dma = true,
                });
                return;
            }
        }

        EndDisk(device);
    }

    private void EndDisk(IdeDevice device)
    {
        device.Sector = BusMaster.FirstSector + BusMaster.Sectors;
        device.Count = 0;
        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        Raise();
        BusMaster.End(BusMaster.Longer);
    }

    private void FailTransfer(IdeDevice device)
    {
        device.Abort();
        BusMaster.End(false);
        Raise();
    }
}
