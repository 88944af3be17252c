using System.Buffers.Binary;

namespace XenActors.DeviceModel.Ide;

/// <summary>READ TOC/PMA/ATIP for a disc of one session with one data track (QEMU hw/block/cdrom.c; MMC-5 6.30).</summary>
internal static class AtapiToc
{
    private const byte LeadOut = 0xAA;

    // Two seconds before the first block.
    private const int PregapFrames = 150;
    private const int FramesPerSecond = 75;

    public static AtapiResult Read(uint blocks, byte[] packet)
    {
        var (minutes, limit) = ((packet[1] & 2) != 0, AtapiCommands.Big16(packet, 7));
        return (packet[9] >> 6) switch
        {
            0 when packet[6] <= 1 || packet[6] == LeadOut => AtapiResult.Reply(Tracks(blocks, minutes, packet[6]), limit),
            1 => AtapiResult.Reply([0, 0x0A, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], limit),
            2 => AtapiResult.Reply(Raw(blocks, minutes), limit),
            _ => AtapiCommands.InvalidField,
        };
    }

    /// <summary>Minute, second and frame of a block.</summary>
    public static void Time(Span<byte> to, long lba)
    {
        var frame = lba + PregapFrames;
        to[0] = (byte)((frame / FramesPerSecond / 60) & 0xFF);
        to[1] = (byte)(frame / FramesPerSecond % 60);
        to[2] = (byte)(frame % FramesPerSecond);
    }

    private static byte[] Tracks(uint blocks, bool minutes, byte start)
    {
        List<byte> toc = [0, 0, 1, 1];
        if (start <= 1)
        {
            toc.AddRange([0, 0x14, 1, 0, .. Place(0, minutes)]);
        }

        toc.AddRange([0, 0x16, LeadOut, 0, .. Place(blocks, minutes)]);
        return WithLength(toc);
    }

    private static byte[] Raw(uint blocks, bool minutes)
    {
        List<byte> toc = [0, 0, 1, 1];
        toc.AddRange([1, 0x14, 0, 0xA0, 0, 0, 0, 0, 1, 0, 0]);
        toc.AddRange([1, 0x14, 0, 0xA1, 0, 0, 0, 0, 1, 0, 0]);
        toc.AddRange([1, 0x14, 0, 0xA2, 0, 0, 0, .. Place(blocks, minutes)]);
        toc.AddRange([1, 0x14, 0, 1, 0, 0, 0, .. minutes ? (byte[])[0, 0, 2, 0] : [0, 0, 0, 0]]);
        return WithLength(toc);
    }

    private static byte[] Place(uint block, bool minutes)
    {
        var place = new byte[4];
        if (minutes)
        {
            Time(place.AsSpan(1), block);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(place, block);
        }

        return place;
    }

    private static byte[] WithLength(List<byte> toc)
    {
        var bytes = toc.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(bytes.Length - 2));
        return bytes;
    }
}
