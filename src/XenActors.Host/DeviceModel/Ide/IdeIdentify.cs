using System.Buffers.Binary;

namespace XenActors.DeviceModel.Ide;

/// <summary>IDENTIFY DEVICE and IDENTIFY PACKET DEVICE: 256 little-endian words (ATA/ATAPI-7, 6.16 and 6.17; QEMU hw/ide/core.c).</summary>
internal static class IdeIdentify
{
    public const int Heads = 16;
    public const int SectorsPerTrack = 63;

    /// <summary>Words that SET FEATURES changes.</summary>
    public const int SingleWordDma = 62;
    public const int MultiWordDma = 63;
    public const int Enabled = 85;
    public const int UltraDma = 88;

    /// <summary>NOP, write cache, SMART: what word 85 has with the write cache on, and with it off.</summary>
    public const ushort EnabledCached = 0x4021;
    public const ushort EnabledUncached = 0x4001;

    private const int Length = 512;
    private const ulong Lba28Max = (1 << 28) - 1;
    private const ulong CylindersMax = 16383;

    public static byte[] Of(IdeDrive drive, int multiple, bool writeCache)
    {
        var data = new byte[Length];
        Text(data, 10, 10, drive.Serial);
        Word(data, 20, 3);
        Word(data, 21, 512); // sectors of cache
        Word(data, 22, 4);
        Text(data, 23, 4, drive.Revision);
        Text(data, 27, 20, drive.Cdrom ? "QEMU DVD-ROM" : "QEMU HARDDISK");
        Word(data, 48, 1); // 32-bit transfers
        Word(data, 53, 7);
        Word(data, SingleWordDma, 7);
        Word(data, MultiWordDma, 7);
        Word(data, 64, 3);
        Word(data, UltraDma, 0x203f); // up to mode 5, mode 5 chosen
        if (drive.Cdrom)
        {
            Packet(data);
        }
        else
        {
            Disk(data, drive, multiple, writeCache);
        }

        return data;
    }

    public static void Word(byte[] data, int word, int value)
    {
        if (data.Length > 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 * word), (ushort)value);
        }
    }

    private static void Packet(byte[] data)
    {
        Word(data, 0, 0x85c0); // removable CD-ROM, packets of 12 bytes
        Word(data, 49, 0x0300); // LBA, DMA
        Word(data, 65, 180); // cycle times in ns
        Word(data, 66, 180);
        Word(data, 67, 300);
        Word(data, 68, 180);
        Word(data, 71, 30);
        Word(data, 72, 30);
        Word(data, 80, 0x001e);
    }

    private static void Disk(byte[] data, IdeDrive drive, int multiple, bool writeCache)
    {
        var sectors = drive.Sectors;
        var cylinders = Math.Clamp(sectors / (Heads * SectorsPerTrack), 2, CylindersMax);
        var translated = cylinders * Heads * SectorsPerTrack;
        var small = Math.Min(sectors, Lba28Max);
        Word(data, 0, 0x0040);
        Word(data, 1, (int)cylinders);
        Word(data, 3, Heads);
        Word(data, 4, 512 * SectorsPerTrack);
        Word(data, 5, 512);
        Word(data, 6, SectorsPerTrack);
        Word(data, 47, 0x8000 | IdeDevice.MultipleMax);
        Word(data, 49, 0x0b00); // IORDY, LBA, DMA
        Word(data, 51, 0x0200);
        Word(data, 52, 0x0200);
        Word(data, 54, (int)cylinders);
        Word(data, 55, Heads);
        Word(data, 56, SectorsPerTrack);
        Word(data, 57, (int)(translated & 0xffff));
        Word(data, 58, (int)(translated >> 16));
        Word(data, 59, multiple == 0 ? 0 : 0x0100 | multiple);
        Word(data, 60, (int)(small & 0xffff));
        Word(data, 61, (int)(small >> 16));
        for (var i = 65; i <= 68; i++)
        {
            Word(data, i, 120); // cycle times in ns
        }

        Word(data, 69, drive.Trim ? 0x4000 : 0); // what a trimmed sector reads is certain
        Word(data, 80, 0x00f0);
        Word(data, 81, 0x0016);
        Word(data, 82, EnabledCached);
        Word(data, 83, 0x7400); // flush, flush ext, LBA48
        Word(data, 84, 0x4000);
        Word(data, Enabled, writeCache ? EnabledCached : EnabledUncached);
        Word(data, 86, 0x3400);
        Word(data, 87, 0x4000);
        Word(data, 93, 0x6001);
        for (var i = 0; i < 4; i++)
        {
            Word(data, 100 + i, (int)((sectors >> (16 * i)) & 0xffff));
        }

        Word(data, 106, 0x6000); // a physical sector is a logical one
        Word(data, 169, drive.Trim ? 1 : 0);
    }

    // ATA texts put the first character of a pair into the word's high byte.
    private static void Text(byte[] data, int word, int words, string text)
    {
        var padded = text.PadRight(2 * words);
        for (var i = 0; i < 2 * words; i++)
        {
            data[(2 * word) + (i ^ 1)] = (byte)padded[i];
        }
    }
}
