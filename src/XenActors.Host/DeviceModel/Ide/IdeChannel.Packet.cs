using XenActors.Hypervisor.Memory;
using XenActors.Machine.Disks;

namespace XenActors.DeviceModel.Ide;

/// <summary>PACKET: the twelve bytes, and how a reply or a CD's blocks go to the guest (QEMU hw/ide/atapi.c).</summary>
public sealed partial class IdeChannel
{
    /// <summary>Interrupt reason, in the count register: to the host; a command's end.</summary>
    private const int ReasonIn = 2;
    private const int ReasonCommand = 1;

    private const int PacketSize = 12;

    // A part of a DMA transfer: 64 blocks.
    private const int PartBytes = 128 * 1024;

    /// <summary>
    /// The monitor opens the tray (QEMU's <c>do_open_tray</c>): a locked one only by force. The guest is told by an interrupt that belongs to no
    /// command, and by what the next packets find. False when the tray stays shut.
    /// </summary>
    public bool OpenTray(int unit, bool force)
    {
        var device = DeviceAt(unit);
        if (device.Atapi.TrayOpen)
        {
            return true;
        }

        var locked = device.Atapi.TrayLocked;
        if (locked)
        {
            device.Atapi.EjectRequested = true;
            device.Atapi.TrayLocked &= !force;
            Raise();
        }

        if (!locked || force)
        {
            MediumChanged(device, load: false);
        }

        return !locked || force;
    }

    /// <summary>The medium leaves the open tray.</summary>
    public void RemoveMedium(int unit)
    {
        var device = DeviceAt(unit);
        device.Drive = device.Drive! with { Volume = VolumeId.None, Sectors = 0 };
    }

    /// <summary>Another medium, and the tray shuts.</summary>
    public void InsertMedium(int unit, VolumeId volume, ulong sectors)
    {
        var device = DeviceAt(unit);
        device.Drive = device.Drive! with { Volume = volume, Sectors = sectors };
        MediumChanged(device, load: true);
    }

    private void MediumChanged(IdeDevice device, bool load)
    {
        (device.Atapi.TrayOpen, device.Atapi.Changed) = (!load, 1);
        (device.Atapi.NewMedia, device.Atapi.EjectRequested) = (true, false);
        Raise();
    }

    private bool Packet(IdeDevice device)
    {
        if ((device.Feature & FeatureOverlap) != 0)
        {
            device.Abort();
            return true;
        }

        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        device.Atapi.Dma = (device.Feature & FeatureDma) != 0;
        device.Count = 1;
        device.StartTransfer(PacketSize, IdeTransferEnd.Packet);
        return false;
    }

    private void ExecutePacket(IdeDevice device)
    {
        var packet = device.Buffer[..PacketSize];
        Exits.Issue((AtaCommandCode.Packet << 8) | packet[0]);
        switch (AtapiCommands.Execute(device, packet))
        {
            case { Kind: AtapiResultKind.Done }:
                PacketDone(device);
                break;
            case { Kind: AtapiResultKind.Failed } failed:
                PacketFailed(device, failed.SenseKey, failed.Asc);
                break;
            case { Kind: AtapiResultKind.Attention }:
                device.Error = AtaError.MediaChanged | (AtapiSense.UnitAttention << 4);
                device.Status = AtaStatus.Error;
                device.Count = 0;
                Raise();
                break;
            case { Kind: AtapiResultKind.Aborted }:
                device.Abort();
                break;
            case { Kind: AtapiResultKind.Reply } reply:
                Reply(device, reply.Data, reply.Limit);
                break;
            case var read:
                Read(device, read.Lba, read.Blocks, read.BlockSize);
                break;
        }
    }

    private void Reply(IdeDevice device, byte[] data, int limit)
    {
        var atapi = device.Atapi;
        (atapi.Lba, atapi.Total, atapi.Done) = (-1, Math.Min(data.Length, limit), 0);
        if (device.Buffer.Length < data.Length)
        {
            device.Buffer = new byte[data.Length];
        }

        data.CopyTo(device.Buffer, 0);
        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        if (atapi.Dma)
        {
            device.Status |= AtaStatus.DataRequest;
            StartTransfer(device, IdeDmaKind.Packet);
        }
        else
        {
            PacketNext(device);
        }
    }

    private void Read(IdeDevice device, long lba, long blocks, int blockSize)
    {
        var atapi = device.Atapi;
        (atapi.Lba, atapi.Total, atapi.Done, atapi.BlockSize) = (lba, blocks * blockSize, 0, blockSize);
        if (atapi.Dma)
        {
            device.Status = AtaStatus.Ready | AtaStatus.SeekComplete | AtaStatus.DataRequest | AtaStatus.Busy;
            StartTransfer(device, IdeDmaKind.Packet);
        }
        else
        {
            device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
            PacketNext(device);
        }
    }

    private void PacketDone(IdeDevice device)
    {
        device.Error = 0;
        device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        Reason(device, ReasonIn | ReasonCommand);
        device.StopTransfer();
        Raise();
    }

    private void PacketFailed(IdeDevice device, byte senseKey = AtapiSense.IllegalRequest, byte asc = AtapiSense.LogicalBlockOutOfRange)
    {
        device.Error = (byte)(senseKey << 4);
        device.Status = AtaStatus.Ready | AtaStatus.Error;
        Reason(device, ReasonIn | ReasonCommand);
        (device.Atapi.SenseKey, device.Atapi.Asc) = (senseKey, asc);
        device.StopTransfer();
        Raise();
    }

    private static void Reason(IdeDevice device, int reason) => device.Count = (device.Count & 0xF8) | reason;

    // PIO: the next DRQ block is as long as the byte count registers allow, and even unless it is the last.
    private void PacketNext(IdeDevice device)
    {
        var atapi = device.Atapi;
        if (atapi.Done >= atapi.Total)
        {
            PacketDone(device);
            return;
        }

        if (atapi.Lba < 0)
        {
            PacketBlock(device, (int)atapi.Done, []);
            return;
        }

        var (first, last) = (atapi.Done / atapi.BlockSize, (atapi.Done + BlockLength(device) - 1) / atapi.BlockSize);
        device.Status |= AtaStatus.Busy;
        Begin(ReadBlocks(device, atapi.Lba + first, Math.Max(last, first) - first + 1) with { Dma = false });
    }

    private void PacketRead(IdeDevice device, bool ok, byte[] data)
    {
        var atapi = device.Atapi;
        device.Status &= unchecked((byte)~AtaStatus.Busy);
        if (!ok)
        {
            PacketFailed(device);
            return;
        }

        data = AtapiCommands.Blocks(data, atapi.Lba + (atapi.Done / atapi.BlockSize), atapi.BlockSize);
        PacketBlock(device, (int)(atapi.Done % atapi.BlockSize), data);
    }

    private void PacketBlock(IdeDevice device, int offset, byte[] data)
    {
        var length = BlockLength(device);
        Reason(device, ReasonIn);
        Raise();
        (device.LbaMid, device.LbaHigh) = ((byte)(length & 0xFF), (byte)(length >> 8));
        device.StartTransfer(length, IdeTransferEnd.PacketReply);
        if (data.Length > 0)
        {
            data.AsSpan(offset, Math.Min(data.Length - offset, length)).CopyTo(device.Buffer);
        }
        else
        {
            (device.BufferAt, device.BufferEnd) = (offset, offset + length);
        }
    }

    private static int BlockLength(IdeDevice device)
    {
        var limit = device.LbaMid | (device.LbaHigh << 8);
        limit = limit == 0xFFFF ? 0xFFFE : limit;
        var left = device.Atapi.Total - device.Atapi.Done;
        return left > limit ? limit & ~1 : (int)left;
    }

    private void PacketMoved(IdeDevice device)
    {
        device.Atapi.Done += device.LbaMid | (device.LbaHigh << 8);
        PacketNext(device);
    }

    // DMA: a part of the blocks, or the whole reply; then the next.
    private void PacketTransfer(IdeDevice device)
    {
        var atapi = device.Atapi;
        if (atapi.Done >= atapi.Total)
        {
            device.Status = AtaStatus.Ready | AtaStatus.SeekComplete;
            Reason(device, ReasonIn | ReasonCommand);
            Raise();
            BusMaster.End(false);
        }
        else if (atapi.Lba < 0)
        {
            StorePart(device, device.Buffer[..(int)atapi.Total]);
        }
        else
        {
            var blocks = Math.Min((atapi.Total - atapi.Done) / atapi.BlockSize, PartBytes / AtapiCommands.DataSize);
            Begin(ReadBlocks(device, atapi.Lba + (atapi.Done / atapi.BlockSize), blocks));
        }
    }

    private void PacketPart(IdeDevice device, bool ok, byte[] data)
    {
        var atapi = device.Atapi;
        if (!ok)
        {
            PacketFailed(device);
            BusMaster.End(false);
            return;
        }

        StorePart(device, AtapiCommands.Blocks(data, atapi.Lba + (atapi.Done / atapi.BlockSize), atapi.BlockSize));
    }

    // A table that ends too early ends the transfer without a word; the drive stays as it is.
    private void StorePart(IdeDevice device, byte[] data)
    {
        var extents = BusMaster.Next(data.Length);
        var room = (int)MemoryExtents.Length(extents);
        if (room > 0)
        {
            Stores.Add(new(extents, room < data.Length ? data[..room] : data));
        }

        device.Atapi.Done += data.Length;
        if (room < data.Length)
        {
            BusMaster.End(false);
            return;
        }

        PacketTransfer(device);
    }

    private IdeWork ReadBlocks(IdeDevice device, long block, long count) => new(IdeWorkKind.ReadDisk)
    {
        Unit = UnitOf(device),
        Volume = device.Drive!.Volume,
        Sector = (ulong)block * 4,
        Count = (uint)count * 4,
        Dma = true,
    };
}
