using System.Buffers.Binary;
using System.Text;

namespace XenActors.DeviceModel.Ide;

/// <summary>The packet commands of QEMU's CD drive (QEMU hw/ide/atapi.c; MMC-5, SPC-3).</summary>
internal static class AtapiCommands
{
    public const byte TestUnitReady = 0x00;
    public const byte RequestSense = 0x03;
    public const byte Inquiry = 0x12;
    public const byte StartStopUnit = 0x1B;
    public const byte PreventAllow = 0x1E;
    public const byte ReadCapacity = 0x25;
    public const byte Read10 = 0x28;
    public const byte Seek10 = 0x2B;
    public const byte ReadToc = 0x43;
    public const byte GetConfiguration = 0x46;
    public const byte GetEventStatus = 0x4A;
    public const byte ReadDiscInformation = 0x51;
    public const byte ModeSense10 = 0x5A;
    public const byte Read12 = 0xA8;
    public const byte ReadDvdStructure = 0xAD;
    public const byte SetSpeed = 0xBB;
    public const byte MechanismStatus = 0xBD;
    public const byte ReadCd = 0xBE;

    public const int DataSize = 2048;
    public const int RawSize = 2352;

    [Flags]
    private enum Rules
    {
        None = 0,
        Known = 1,

        /// <summary>It may run while a unit attention is to be told.</summary>
        Attention = 2,

        /// <summary>It needs a medium.</summary>
        Ready = 4,

        /// <summary>It brings no data, or not always: a byte count of 0 is allowed.</summary>
        NoData = 8,
    }

    public static AtapiResult Execute(IdeDevice device, byte[] packet)
    {
        var (atapi, rules) = (device.Atapi, RulesOf(packet[0]));
        if (atapi.SenseKey == AtapiSense.UnitAttention && !rules.HasFlag(Rules.Attention))
        {
            return new(AtapiResultKind.Attention);
        }

        // A change is told in two steps, so that the guest sees the old medium go.
        if (!rules.HasFlag(Rules.Attention) && !atapi.TrayOpen && Inserted(device) && atapi.Changed != 0)
        {
            (var first, atapi.Changed) = (atapi.Changed == 1, atapi.Changed == 1 ? 2 : 0);
            return first
                ? AtapiResult.Fail(AtapiSense.NotReady, AtapiSense.MediumNotPresent)
                : AtapiResult.Fail(AtapiSense.UnitAttention, AtapiSense.MediumMayHaveChanged);
        }

        if (rules.HasFlag(Rules.Ready) && !Present(device))
        {
            return AtapiResult.Fail(AtapiSense.NotReady, AtapiSense.MediumNotPresent);
        }

        if (rules.HasFlag(Rules.Known) && !rules.HasFlag(Rules.NoData) && !CanMoveData(device))
        {
            return new(AtapiResultKind.Aborted);
        }

        return packet[0] switch
        {
            TestUnitReady or SetSpeed => AtapiResult.Done,
            RequestSense => Sense(atapi, packet),
            Inquiry => AtapiReplies.Inquiry(device.Drive!, packet),
            StartStopUnit => StartStop(device, packet),
            PreventAllow => Lock(atapi, packet),
            ReadCapacity => Capacity(device),
            Read10 => Read(device, Big32(packet, 2), (uint)Big16(packet, 7)),
            Read12 => Read(device, Big32(packet, 2), Big32(packet, 6)),
            ReadCd => ReadRaw(device, packet),
            Seek10 => Big32(packet, 2) < Blocks(device) ? AtapiResult.Done : OutOfRange,
            ReadToc => AtapiToc.Read(Blocks(device), packet),
            GetConfiguration => AtapiReplies.Configuration(Present(device) ? Blocks(device) : 0, packet),
            GetEventStatus => AtapiReplies.EventStatus(device, packet),
            ReadDiscInformation => AtapiReplies.DiscInformation(packet),
            ModeSense10 => AtapiReplies.ModeSense(atapi, packet),
            ReadDvdStructure => AtapiReplies.DvdStructure(Blocks(device), packet),
            MechanismStatus => AtapiResult.Reply([0, 0, 0, 0, 0, 1, 0, 0], Big16(packet, 8)),
            _ => AtapiResult.Fail(AtapiSense.IllegalRequest, AtapiSense.IllegalOpcode),
        };
    }

    /// <summary>The name in MMC and SPC; the code where the drive has no such command.</summary>
    public static string Name(byte operation) => operation switch
    {
        TestUnitReady => "TEST UNIT READY",
        RequestSense => "REQUEST SENSE",
        Inquiry => "INQUIRY",
        StartStopUnit => "START STOP UNIT",
        PreventAllow => "PREVENT ALLOW MEDIUM REMOVAL",
        ReadCapacity => "READ CAPACITY",
        Read10 => "READ (10)",
        Seek10 => "SEEK (10)",
        ReadToc => "READ TOC/PMA/ATIP",
        GetConfiguration => "GET CONFIGURATION",
        GetEventStatus => "GET EVENT STATUS NOTIFICATION",
        ReadDiscInformation => "READ DISC INFORMATION",
        ModeSense10 => "MODE SENSE (10)",
        Read12 => "READ (12)",
        ReadDvdStructure => "READ DVD STRUCTURE",
        SetSpeed => "SET CD SPEED",
        MechanismStatus => "MECHANISM STATUS",
        ReadCd => "READ CD",
        _ => $"operation 0x{operation:x2}",
    };

    public static AtapiResult InvalidField => AtapiResult.Fail(AtapiSense.IllegalRequest, AtapiSense.InvalidFieldInPacket);

    /// <summary>2048 bytes of data each, or with the frame that a CD has around them.</summary>
    public static byte[] Blocks(byte[] data, long lba, int blockSize)
    {
        if (blockSize == DataSize)
        {
            return data;
        }

        var raw = new byte[data.Length / DataSize * RawSize];
        for (var i = 0; i < data.Length / DataSize; i++)
        {
            var block = raw.AsSpan(i * RawSize, RawSize);
            block[1..11].Fill(0xFF);
            AtapiToc.Time(block[12..], lba + i);
            block[15] = 1; // mode 1
            data.AsSpan(i * DataSize, DataSize).CopyTo(block[16..]);
        }

        return raw;
    }

    public static bool Inserted(IdeDevice device) => device.Drive is { Volume.IsNone: false };

    public static int Big16(byte[] packet, int at) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at));

    public static uint Big32(byte[] packet, int at) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(at));

    private static AtapiResult OutOfRange => AtapiResult.Fail(AtapiSense.IllegalRequest, AtapiSense.LogicalBlockOutOfRange);

    private static bool Present(IdeDevice device) => !device.Atapi.TrayOpen && Inserted(device) && device.Drive!.Sectors > 0;

    private static uint Blocks(IdeDevice device) => (uint)Math.Min(device.Drive!.Sectors / 4, uint.MaxValue);

    private static bool CanMoveData(IdeDevice device) => device.Atapi.Dma || (device.LbaMid | device.LbaHigh) != 0;

    private static Rules RulesOf(byte operation) => operation switch
    {
        TestUnitReady or Seek10 => Rules.Known | Rules.Ready | Rules.NoData,
        RequestSense or Inquiry or GetConfiguration or GetEventStatus => Rules.Known | Rules.Attention,
        StartStopUnit or PreventAllow or SetSpeed => Rules.Known | Rules.NoData,
        ReadCapacity or Read10 or Read12 or ReadToc or ReadDiscInformation or ReadDvdStructure => Rules.Known | Rules.Ready,
        ReadCd => Rules.Known | Rules.Ready | Rules.NoData,
        ModeSense10 or MechanismStatus => Rules.Known,
        _ => Rules.None,
    };

    private static AtapiResult Sense(AtapiState atapi, byte[] packet)
    {
        var sense = new byte[18];
        (sense[0], sense[2], sense[7], sense[12]) = (0xF0, atapi.SenseKey, 10, atapi.Asc);
        if (atapi.SenseKey == AtapiSense.UnitAttention)
        {
            atapi.SenseKey = AtapiSense.NoSense;
        }

        return AtapiResult.Reply(sense, packet[4]);
    }

    private static AtapiResult StartStop(IdeDevice device, byte[] packet)
    {
        var atapi = device.Atapi;
        var (start, eject) = ((packet[4] & 1) != 0, (packet[4] & 2) != 0);

        // A power condition moves no tray.
        if ((packet[4] & 0xF0) != 0 || !eject)
        {
            return AtapiResult.Done;
        }

        if (!start && !atapi.TrayOpen && atapi.TrayLocked)
        {
            return AtapiResult.Fail(Inserted(device) ? AtapiSense.NotReady : AtapiSense.IllegalRequest, AtapiSense.MediaRemovalPrevented);
        }

        atapi.TrayOpen = !start;
        return AtapiResult.Done;
    }

    private static AtapiResult Lock(AtapiState atapi, byte[] packet)
    {
        atapi.TrayLocked = (packet[4] & 1) != 0;
        return AtapiResult.Done;
    }

    private static AtapiResult Capacity(IdeDevice device)
    {
        var reply = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(reply, unchecked(Blocks(device) - 1)); // The last block's number.
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(4), DataSize);
        return AtapiResult.Reply(reply, 8);
    }

    private static AtapiResult Read(IdeDevice device, uint lba, uint blocks) =>
        blocks == 0 ? AtapiResult.Done
        : !Contains(device, lba, blocks) ? OutOfRange
        : new(AtapiResultKind.Read) { Lba = lba, Blocks = blocks, BlockSize = DataSize };

    private static AtapiResult ReadRaw(IdeDevice device, byte[] packet)
    {
        var (lba, blocks) = (Big32(packet, 2), Big32(packet, 5) & 0xFFFFFF);
        if (blocks == 0)
        {
            return AtapiResult.Done;
        }

        if (!Contains(device, lba, blocks))
        {
            return OutOfRange;
        }

        var request = packet[9] & 0xF8;
        if (request == 0)
        {
            return AtapiResult.Done;
        }

        return !CanMoveData(device) ? new(AtapiResultKind.Aborted)
            : request is 0x10 or 0xF8 ? new(AtapiResultKind.Read) { Lba = lba, Blocks = blocks, BlockSize = request == 0x10 ? DataSize : RawSize }
            : InvalidField;
    }

    private static bool Contains(IdeDevice device, uint lba, uint blocks) => (ulong)lba + blocks <= Blocks(device);

    /// <summary>ASCII, filled up with spaces.</summary>
    public static void Text(Span<byte> to, string text) => Encoding.ASCII.GetBytes(text.PadRight(to.Length), to);
}
