namespace XenActors.DeviceModel.Ide;

/// <summary>The data register: PIO transfers, and the end of what the channel waited for.</summary>
public sealed partial class IdeChannel
{
    private const int SectorSize = 512;

    /// <summary>A word or a dword from the data register; zero when there is nothing to read.</summary>
    public uint ReadData(int size)
    {
        var device = Selected;
        if ((device.Status & AtaStatus.DataRequest) == 0 || ToDrive(device) || device.BufferAt + size > device.BufferEnd)
        {
            return 0;
        }

        var value = 0u;
        for (var i = 0; i < size; i++)
        {
            value |= (uint)device.Buffer[device.BufferAt + i] << (8 * i);
        }

        Moved(device, size);
        return value;
    }

    public void WriteData(int size, uint value)
    {
        var device = Selected;
        if ((device.Status & AtaStatus.DataRequest) == 0 || !ToDrive(device) || device.BufferAt + size > device.BufferEnd)
        {
            return;
        }

        for (var i = 0; i < size; i++)
        {
            device.Buffer[device.BufferAt + i] = (byte)((value >> (8 * i)) & 0xFF);
        }

        Moved(device, size);
    }

    /// <summary>The work with this number has ended. A number from before a reset is nobody's.</summary>
    public void Complete(long serial, bool ok, byte[] data)
    {
        if (Work is not { } work || serial != WorkSerial)
        {
            return;
        }

        Work = null;
        var device = DeviceAt(work.Unit);
        if (work.Dma)
        {
            MoveOn(work, ok, data);
        }
        else
        {
            switch (work.Kind)
            {
                case IdeWorkKind.ReadDisk when device.IsCdrom:
                    PacketRead(device, ok, data);
                    break;
                case IdeWorkKind.ReadDisk:
                    SectorsRead(device, ok, data);
                    break;
                case IdeWorkKind.WriteDisk:
                    SectorsWritten(device, ok);
                    break;
                default:
                    Flushed(device, ok);
                    break;
            }
        }

        if (Work is not null)
        {
            return;
        }

        if (StopPending)
        {
            StopPending = false;
            BusMaster.Status &= unchecked((byte)~IdeBusMaster.Active);
        }

        if (ResetPending)
        {
            PerformReset();
        }
    }

    private static bool ToDrive(IdeDevice device) => device.TransferEnd is IdeTransferEnd.SectorWrite or IdeTransferEnd.Packet;

    private void Moved(IdeDevice device, int size)
    {
        device.BufferAt += size;
        if (device.BufferAt < device.BufferEnd)
        {
            return;
        }

        device.Status &= unchecked((byte)~AtaStatus.DataRequest);
        switch (device.TransferEnd)
        {
            case IdeTransferEnd.SectorRead:
                ReadSectors(device);
                break;
            case IdeTransferEnd.SectorWrite:
                WriteSectors(device);
                break;
            case IdeTransferEnd.Packet:
                ExecutePacket(device);
                break;
            case IdeTransferEnd.PacketReply:
                PacketMoved(device);
                break;
            default:
                device.StopTransfer();
                break;
        }
    }

    // The next DRQ block of a PIO read, or its end.
    private void ReadSectors(IdeDevice device)
    {
        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        device.Error = 0;
        if (device.Count == 0)
        {
            device.StopTransfer();
            return;
        }

        device.Status |= AtaStatus.Busy;
        var (sector, count) = (device.Sector, Math.Min(device.Count, device.BlockSectors));
        if (!device.Has(sector, count))
        {
            Fail(device);
            return;
        }

        Begin(new(IdeWorkKind.ReadDisk)
        {
            Unit = UnitOf(device), Volume = device.Drive!.Volume, Sector = (ulong)sector, Count = (uint)count,
        });
    }

    private void SectorsRead(IdeDevice device, bool ok, byte[] data)
    {
        device.Status &= unchecked((byte)~AtaStatus.Busy);
        if (!ok)
        {
            Fail(device);
            return;
        }

        var count = Math.Min(device.Count, device.BlockSectors);
        device.Sector += count;
        device.Count -= count;
        device.StartTransfer(count * SectorSize, IdeTransferEnd.SectorRead);
        data.AsSpan(0, Math.Min(data.Length, count * SectorSize)).CopyTo(device.Buffer);
        Raise();
    }

    private void WriteSectors(IdeDevice device)
    {
        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete | AtaStatus.Busy;
        var (sector, count) = (device.Sector, Math.Min(device.Count, device.BlockSectors));
        if (!device.Has(sector, count))
        {
            Fail(device);
            return;
        }

        device.Dirty |= device.WriteCache;
        Begin(new(IdeWorkKind.WriteDisk)
        {
            Unit = UnitOf(device), Volume = device.Drive!.Volume, Sector = (ulong)sector, Data = device.Buffer[..(count * SectorSize)],
            Fua = !device.WriteCache,
        });
    }

    private void SectorsWritten(IdeDevice device, bool ok)
    {
        device.Status &= unchecked((byte)~AtaStatus.Busy);
        if (!ok)
        {
            Fail(device);
            return;
        }

        var count = Math.Min(device.Count, device.BlockSectors);
        device.Count -= count;
        device.Sector += count;
        if (device.Count == 0)
        {
            device.StopTransfer();
        }
        else
        {
            device.StartTransfer(Math.Min(device.Count, device.BlockSectors) * SectorSize, IdeTransferEnd.SectorWrite);
        }

        Raise();
    }

    private void Flush(IdeDevice device)
    {
        if (device.Drive is not { Volume.IsNone: false } drive)
        {
            Flushed(device, true);
            return;
        }

        device.Status |= AtaStatus.Busy;
        device.Dirty = false;
        Begin(new(IdeWorkKind.FlushDisk) { Unit = UnitOf(device), Volume = drive.Volume });
    }

    private void Flushed(IdeDevice device, bool ok)
    {
        if (!ok)
        {
            Fail(device);
            return;
        }

        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        Raise();
    }

    private void Fail(IdeDevice device)
    {
        device.Abort();
        Raise();
    }

    private int UnitOf(IdeDevice device) => ReferenceEquals(device, Slave) ? 1 : 0;
}
