namespace XenActors.DeviceModel.Ide;

/// <summary>The command register.</summary>
public sealed partial class IdeChannel
{
    private const byte FeatureOverlap = 0x02;
    private const byte FeatureDma = 0x01;
    private const byte FeatureTrim = 0x01;

    private void Execute(byte command)
    {
        var device = Selected;

        // Nobody hears a command to a slave that is not there.
        if (Unit == 1 && device.Drive is null)
        {
            return;
        }

        if (device.IsBusy && !(command == AtaCommandCode.DeviceReset && device.IsCdrom))
        {
            return;
        }

        Exits.Issue(command);
        if (!IdeCommandSet.Permits(command, device.IsCdrom))
        {
            Fail(device);
            return;
        }

        device.Status = AtaStatus.Ready | AtaStatus.Busy;
        device.Error = 0;
        if (Start(device, command))
        {
            device.Status &= unchecked((byte)~AtaStatus.Busy);
            if (IdeCommandSet.SetsSeekComplete(command) && device.Error == 0)
            {
                device.Status |= AtaStatus.SeekComplete;
            }

            Raise();
        }
    }

    // True when the command is over, and only the status and the interrupt are missing.
    private bool Start(IdeDevice device, byte command)
    {
        switch (command)
        {
            case AtaCommandCode.Identify:
                return Identify(device);
            case AtaCommandCode.IdentifyPacket:
                return Reply(device, Identity(device));
            case AtaCommandCode.ReadSectors or AtaCommandCode.ReadSectorsOnce or AtaCommandCode.ReadSectorsExt:
                return ReadPio(device, command);
            case AtaCommandCode.ReadMultiple or AtaCommandCode.ReadMultipleExt:
                return Multiple(device, command == AtaCommandCode.ReadMultipleExt, write: false);
            case AtaCommandCode.WriteSectors or AtaCommandCode.WriteSectorsOnce or AtaCommandCode.WriteSectorsExt or AtaCommandCode.WriteVerify:
                return WritePio(device, command == AtaCommandCode.WriteSectorsExt, 1);
            case AtaCommandCode.WriteMultiple or AtaCommandCode.WriteMultipleExt:
                return Multiple(device, command == AtaCommandCode.WriteMultipleExt, write: true);
            case AtaCommandCode.ReadDma or AtaCommandCode.ReadDmaOnce or AtaCommandCode.ReadDmaExt:
                return Dma(device, command == AtaCommandCode.ReadDmaExt, IdeDmaKind.Read);
            case AtaCommandCode.WriteDma or AtaCommandCode.WriteDmaOnce or AtaCommandCode.WriteDmaExt:
                return Dma(device, command == AtaCommandCode.WriteDmaExt, IdeDmaKind.Write);
            case AtaCommandCode.DataSetManagement:
                return DataSetManagement(device);
            case AtaCommandCode.Verify or AtaCommandCode.VerifyOnce or AtaCommandCode.VerifyExt:
                CountSectors(device, command == AtaCommandCode.VerifyExt);
                return true;
            case AtaCommandCode.FlushCache or AtaCommandCode.FlushCacheExt:
                Flush(device);
                return false;
            case AtaCommandCode.SetFeatures:
                return SetFeatures(device);
            case AtaCommandCode.SetMultiple:
                return SetMultiple(device);
            case AtaCommandCode.ReadNativeMax or AtaCommandCode.ReadNativeMaxExt:
                return ReadNativeMax(device, command == AtaCommandCode.ReadNativeMaxExt);
            case AtaCommandCode.CheckPowerMode or AtaCommandCode.CheckPowerModeOld:
                device.Count = 0xFF; // active or idle
                return true;
            case AtaCommandCode.SecurityFreezeLock:
                device.Count = 0;
                return true;
            case AtaCommandCode.ExecuteDiagnostic:
                Diagnose(device);
                return false;
            case AtaCommandCode.DeviceReset:
                ResetDevice(device);
                return false;
            case AtaCommandCode.Packet:
                return Packet(device);
            case AtaCommandCode.Smart:
                return AtaSmart.Execute(device) is { } page ? Reply(device, page) : true;
            default:
                return true; // Recalibrate, seek, the power commands, INITIALIZE DEVICE PARAMETERS: nothing to do.
        }
    }

    private bool Identify(IdeDevice device)
    {
        if (device.Drive is { Cdrom: false })
        {
            return Reply(device, Identity(device));
        }

        if (device.IsCdrom)
        {
            device.SetSignature();
        }

        device.Abort();
        return true;
    }

    private static byte[] Identity(IdeDevice device)
    {
        if (device.Identify.Length == 0)
        {
            device.Identify = IdeIdentify.Of(device.Drive!, device.Multiple, device.WriteCache);
        }

        return device.Identify;
    }

    // One block of 512 bytes that is there already.
    private bool Reply(IdeDevice device, byte[] data)
    {
        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        device.StartTransfer(data.Length, IdeTransferEnd.Stop);
        data.CopyTo(device.Buffer, 0);
        Raise();
        return false;
    }

    private bool ReadPio(IdeDevice device, byte command)
    {
        if (device.IsCdrom)
        {
            device.SetSignature();
        }

        if (device.Drive is null or { Cdrom: true })
        {
            device.Abort();
            return true;
        }

        CountSectors(device, command == AtaCommandCode.ReadSectorsExt);
        device.BlockSectors = 1;
        ReadSectors(device);
        return false;
    }

    private bool WritePio(IdeDevice device, bool lba48, int blockSectors)
    {
        if (device.Drive is null)
        {
            device.Abort();
            return true;
        }

        CountSectors(device, lba48);
        device.BlockSectors = blockSectors;
        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        device.StartTransfer(Math.Min(device.Count, blockSectors) * SectorSize, IdeTransferEnd.SectorWrite);
        return false;
    }

    private bool Multiple(IdeDevice device, bool lba48, bool write)
    {
        if (device.Drive is null || device.Multiple == 0)
        {
            device.Abort();
            return true;
        }

        if (write)
        {
            return WritePio(device, lba48, device.Multiple);
        }

        CountSectors(device, lba48);
        device.BlockSectors = device.Multiple;
        ReadSectors(device);
        return false;
    }

    private bool Dma(IdeDevice device, bool lba48, IdeDmaKind kind)
    {
        if (device.Drive is null)
        {
            device.Abort();
            return true;
        }

        CountSectors(device, lba48);
        StartDisk(device, kind);
        return false;
    }

    private bool DataSetManagement(IdeDevice device)
    {
        if (device.Feature != FeatureTrim || device.Drive is not { Trim: true })
        {
            device.Abort();
            return true;
        }

        StartDisk(device, IdeDmaKind.Trim);
        return false;
    }

    private static bool SetMultiple(IdeDevice device)
    {
        var count = device.Count & 0xFF;
        if (count > IdeDevice.MultipleMax || (count & (count - 1)) != 0)
        {
            device.Abort();
        }
        else
        {
            device.Multiple = count;
        }

        return true;
    }

    private static bool ReadNativeMax(IdeDevice device, bool lba48)
    {
        if (device.Drive is not { Sectors: > 0 } drive)
        {
            device.Abort();
            return true;
        }

        CountSectors(device, lba48);
        device.Sector = (long)drive.Sectors - 1;
        return true;
    }

    private bool SetFeatures(IdeDevice device)
    {
        if (device.Drive is null)
        {
            device.Abort();
            return true;
        }

        switch (device.Feature)
        {
            case 0x02: // write cache on
                device.WriteCache = true;
                IdeIdentify.Word(device.Identify, IdeIdentify.Enabled, IdeIdentify.EnabledCached);
                return true;
            case 0x82: // write cache off
                device.WriteCache = false;
                IdeIdentify.Word(device.Identify, IdeIdentify.Enabled, IdeIdentify.EnabledUncached);
                Flush(device);
                return false;
            case 0x03:
                SetTransferMode(device);
                return true;
            case 0xCC or 0x66 or 0xAA or 0x55 or 0x05 or 0x85 or 0x69 or 0x67 or 0x96 or 0x9A or 0x42 or 0xC2:
                return true; // Defaults, look-ahead, power and acoustic management: taken, and without effect.
            default:
                device.Abort();
                return true;
        }
    }

    private static void SetTransferMode(IdeDevice device)
    {
        var chosen = 1 << ((device.Count & 7) + 8);
        var (single, multi, ultra) = (device.Count >> 3) switch
        {
            0 or 1 => (0, 0, 0), // PIO
            2 => (chosen, 0, 0),
            4 => (0, chosen, 0),
            8 => (0, 0, chosen),
            _ => (-1, 0, 0),
        };
        if (single < 0)
        {
            device.Abort();
            return;
        }

        IdeIdentify.Word(device.Identify, IdeIdentify.SingleWordDma, 0x07 | single);
        IdeIdentify.Word(device.Identify, IdeIdentify.MultiWordDma, 0x07 | multi);
        IdeIdentify.Word(device.Identify, IdeIdentify.UltraDma, 0x3F | ultra);
    }

    // "Passed" is a one in the error register; a packet device says nothing more.
    private void Diagnose(IdeDevice device)
    {
        device.SetSignature();
        device.Error = 0x01;
        if (device.IsCdrom)
        {
            device.Status = 0;
            return;
        }

        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        Raise();
    }

    private void ResetDevice(IdeDevice device)
    {
        device.StopTransfer();
        CancelTransfer();
        if (Work is { Dma: false } work && work.Unit == UnitOf(device))
        {
            Abandon();
        }

        if (Work is null)
        {
            BusMaster.Prepare(IdeDmaKind.None, 0);
        }

        device.Reset();
        device.Status = 0;
    }

    // 0 stands for the most: 256, or 65536 with the HOB register.
    private static void CountSectors(IdeDevice device, bool lba48)
    {
        device.Lba48 = lba48;
        var count = lba48 ? (device.HobCount << 8) | (device.Count & 0xFF) : device.Count & 0xFF;
        device.Count = count != 0 ? count : lba48 ? 65536 : 256;
    }
}
