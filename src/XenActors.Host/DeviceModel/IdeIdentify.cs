using System.Buffers.Binary;

namespace XenActors.DeviceModel;

/// <summary>IDENTIFY DEVICE and IDENTIFY PACKET DEVICE: 256 little-endian words (ATA/ATAPI-7, 6.16 and 6.17; QEMU hw/ide/core.c).</summary>
internal static class IdeIdentify
{
    private const int Length = 512;
    private const ulong Lba28Max = (1 << 28) - 1;
    private const ushort HeadsMax = 16;
    private const ushort SectorsMax = 63;
    private const ulong CylindersMax = 16383;

    public static byte[] Of(IdeDrive drive)
    {
        var data = new byte[Length];
        Word(data, 0, drive.Cdrom ? (ushort)0x85c0 : (ushort)0x0040);
        Text(data, 10, 10, $"QM{drive.Index + 1:00000}");
        Text(data, 23, 4, drive.Revision);
        Text(data, 27, 20, drive.Cdrom ? "QEMU DVD-ROM" : "QEMU HARDDISK");
        Word(data, 48, 1); // 32-bit transfers
        Word(data, 49, 0x0b00); // IORDY, LBA, DMA
        Word(data, 53, 7);
        Word(data, 63, 7); // multiword DMA 0 to 2
        Word(data, 64, 3);
        Word(data, 80, drive.Cdrom ? (ushort)0x001e : (ushort)0x00f0);
        Word(data, 88, 0x203f); // Ultra DMA up to mode 5, mode 5 chosen
        Word(data, 93, 0x6001);
        if (!drive.Cdrom)
        {
            Geometry(data, drive.Sectors);
        }

        return data;
    }

    private static void Geometry(byte[] data, ulong sectors)
    {
        var cylinders = Math.Clamp(sectors / (HeadsMax * SectorsMax), 2, CylindersMax);
        Word(data, 1, (ushort)cylinders);
        Word(data, 3, HeadsMax);
        Word(data, 6, SectorsMax);
        Word(data, 47, 0x8010); // 16 sectors a READ MULTIPLE
        Word(data, 59, 0x0110);
        var small = Math.Min(sectors, Lba28Max);
        Word(data, 60, (ushort)(small & 0xffff));
        Word(data, 61, (ushort)(small >> 16));
        Word(data, 82, 0x4021); // NOP, write cache, SMART
        Word(data, 83, 0x7400); // flush, flush ext, LBA48
        Word(data, 84, 0x4002);
        Word(data, 85, 0x4021);
        Word(data, 86, 0x3400);
        Word(data, 87, 0x4002);
        for (var i = 0; i < 4; i++)
        {
            Word(data, 100 + i, (ushort)((sectors >> (16 * i)) & 0xffff));
        }
    }

    private static void Word(byte[] data, int word, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 * word), value);

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
