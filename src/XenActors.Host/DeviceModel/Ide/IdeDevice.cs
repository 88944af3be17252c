using XenActors.Simulation;

namespace XenActors.DeviceModel.Ide;

/// <summary>What happens when the data of a PIO transfer has gone through the data register.</summary>
public enum IdeTransferEnd : byte
{
    Stop,

    /// <summary>The next sectors of a PIO read.</summary>
    SectorRead,

    /// <summary>The guest has filled the buffer: write it.</summary>
    SectorWrite,

    /// <summary>The guest has sent a packet of 12 bytes.</summary>
    Packet,

    /// <summary>The next part of a packet command's data.</summary>
    PacketReply,
}

/// <summary>One of a channel's two places: the registers and what the drive there remembers. The registers are there without a drive, too.</summary>
[Codec]
public sealed partial class IdeDevice
{
    /// <summary>READ MULTIPLE's largest block.</summary>
    public const int MultipleMax = 16;

    /// <summary>Null when nothing is plugged in.</summary>
    public IdeDrive? Drive { get; set; }

    public byte Feature { get; set; }

    /// <summary>The register's eight bits; within a command the whole number of sectors.</summary>
    public int Count { get; set; }

    public byte LbaLow { get; set; }

    public byte LbaMid { get; set; }

    public byte LbaHigh { get; set; }

    public byte HobFeature { get; set; }

    public byte HobCount { get; set; }

    public byte HobLbaLow { get; set; }

    public byte HobLbaMid { get; set; }

    public byte HobLbaHigh { get; set; }

    /// <summary>The device register.</summary>
    public byte Select { get; set; } = AtaRegister.DeviceObsolete;

    public byte Status { get; set; } = AtaStatus.Ready | AtaStatus.SeekComplete;

    public byte Error { get; set; }

    /// <summary>The command under way has 48-bit addresses.</summary>
    public bool Lba48 { get; set; }

    /// <summary>Sectors of a READ MULTIPLE block; 0 when off.</summary>
    public int Multiple { get; set; } = MultipleMax;

    /// <summary>Sectors in one DRQ block of the PIO command under way.</summary>
    public int BlockSectors { get; set; }

    /// <summary>What goes through the data register.</summary>
    public byte[] Buffer { get; set; } = [];

    public int BufferAt { get; set; }

    public int BufferEnd { get; set; }

    public IdeTransferEnd TransferEnd { get; set; }

    /// <summary>The identify data as it was built when it was first asked for; empty before.</summary>
    public byte[] Identify { get; set; } = [];

    public bool WriteCache { get; set; } = true;

    /// <summary>Something was written that no flush has made durable.</summary>
    public bool Dirty { get; set; }

    public AtaSmartState Smart { get; private set; } = new();

    public AtapiState Atapi { get; private set; } = new();

    public bool IsCdrom => Drive is { Cdrom: true };

    public bool IsBusy => (Status & (AtaStatus.Busy | AtaStatus.DataRequest)) != 0;

    /// <summary>The sector that the address registers name (QEMU's ide_get_sector): LBA48, LBA28, or cylinder, head and sector.</summary>
    public long Sector
    {
        get
        {
            if ((Select & AtaRegister.DeviceLba) == 0)
            {
                var (heads, sectors) = Geometry;
                return ((((long)LbaHigh << 8) | LbaMid) * heads * sectors) + ((Select & 0x0F) * sectors) + LbaLow - 1;
            }

            var low = ((long)LbaHigh << 16) | ((long)LbaMid << 8) | LbaLow;
            return Lba48
                ? ((long)HobLbaHigh << 40) | ((long)HobLbaMid << 32) | ((long)HobLbaLow << 24) | low
                : ((long)(Select & 0x0F) << 24) | low;
        }

        set
        {
            if ((Select & AtaRegister.DeviceLba) == 0)
            {
                var (heads, sectors) = Geometry;
                var (cylinder, rest) = (value / (heads * sectors), value % (heads * sectors));
                LbaHigh = (byte)((cylinder >> 8) & 0xFF);
                LbaMid = (byte)(cylinder & 0xFF);
                Select = (byte)((Select & 0xF0) | (int)((rest / sectors) & 0x0F));
                LbaLow = (byte)((rest % sectors) + 1);
                return;
            }

            LbaLow = (byte)(value & 0xFF);
            LbaMid = (byte)((value >> 8) & 0xFF);
            LbaHigh = (byte)((value >> 16) & 0xFF);
            if (Lba48)
            {
                HobLbaLow = (byte)((value >> 24) & 0xFF);
                HobLbaMid = (byte)((value >> 32) & 0xFF);
                HobLbaHigh = (byte)((value >> 40) & 0xFF);
            }
            else
            {
                Select = (byte)((Select & 0xF0) | (int)((value >> 24) & 0x0F));
            }
        }
    }

    private static (int Heads, int Sectors) Geometry => (IdeIdentify.Heads, IdeIdentify.SectorsPerTrack);

    /// <summary>Whether all of these sectors are on the drive.</summary>
    public bool Has(long sector, long count) =>
        Drive is { } drive && sector >= 0 && (ulong)sector <= drive.Sectors && (ulong)count <= drive.Sectors - (ulong)sector;

    /// <summary>A reset's or a diagnostic's signature.</summary>
    public void SetSignature()
    {
        Select &= 0xF0;
        (Count, LbaLow) = (1, 1);
        (LbaMid, LbaHigh) = Drive switch
        {
            { Cdrom: true } => ((byte)0x14, (byte)0xEB),
            not null => ((byte)0, (byte)0),
            null => ((byte)0xFF, (byte)0xFF),
        };
    }

    public void Abort()
    {
        StopTransfer();
        Status = AtaStatus.Ready | AtaStatus.Error;
        Error = AtaError.Abort;
    }

    /// <summary>Data goes through the data register next.</summary>
    public void StartTransfer(int length, IdeTransferEnd end)
    {
        (BufferAt, BufferEnd, TransferEnd) = (0, length, end);
        if (Buffer.Length < length)
        {
            Buffer = new byte[length];
        }

        if ((Status & AtaStatus.Error) == 0)
        {
            Status |= AtaStatus.DataRequest;
        }
    }

    public void StopTransfer()
    {
        (BufferAt, BufferEnd, TransferEnd) = (0, 0, IdeTransferEnd.Stop);
        Status &= unchecked((byte)~AtaStatus.DataRequest);
    }

    /// <summary>The registers after a reset. What the drive remembers beyond them (its write cache, SMART, the medium) stays.</summary>
    public void Reset()
    {
        Multiple = MultipleMax;
        (Feature, Error, Count, LbaLow, LbaMid, LbaHigh) = (0, 0, 0, 0, 0, 0);
        (HobFeature, HobCount, HobLbaLow, HobLbaMid, HobLbaHigh) = (0, 0, 0, 0, 0);
        Select = AtaRegister.DeviceObsolete;
        Status = AtaStatus.Ready | AtaStatus.SeekComplete;
        (Lba48, BlockSectors) = (false, 0);
        Atapi.Reset();
        SetSignature();
        (BufferAt, BufferEnd, TransferEnd) = (0, 0, IdeTransferEnd.Stop);
    }
}
