using System.Buffers.Binary;

namespace XenActors.Tests.Guest;

/// <summary>Partition tables for tests.</summary>
internal static class Mbr
{
    /// <summary>The page's disk: 30 GiB in three partitions.</summary>
    public static SortedDictionary<ulong, byte[]> Page() =>
        new() { [0] = Sector((0x83, 2048, 1024000), (0x82, 1026048, 8388608), (0x8E, 9414656, 53499904)) };

    /// <summary>The recorded guest's disk: 20480, 10240 and 32768 KiB.</summary>
    public static SortedDictionary<ulong, byte[]> Recorded() =>
        new() { [0] = Sector((0x83, 2048, 40960), (0x82, 43008, 20480), (0x83, 63488, 65536)) };

    public static byte[] Sector(params (byte Type, uint Start, uint Size)[] entries)
    {
        var sector = new byte[512];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = sector.AsSpan(446 + (i * 16));
            entry[4] = entries[i].Type;
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], entries[i].Start);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], entries[i].Size);
        }

        (sector[510], sector[511]) = (0x55, 0xAA);
        return sector;
    }
}
