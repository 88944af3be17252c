using System.Buffers.Binary;
using XenActors.Machine;

namespace XenActors.Experiments.Volumes;

/// <summary>The disk that a host profile makes where a configuration names one that the machine lacks: an MBR with primary partitions.</summary>
internal static class PartitionedDisk
{
    private const int SectorSize = 512;
    private const int SectorsPerKib = 2;

    /// <summary>Where the first partition begins: 1 MiB, as partitioning tools have it.</summary>
    private const uint FirstSector = 2048;
    private const byte LinuxPartition = 0x83;

    /// <summary>The first sector of the disk.</summary>
    public static byte[] BootSector(DefaultVolumes volumes)
    {
        var sector = new byte[SectorSize];
        var start = FirstSector;
        for (var i = 0; i < volumes.Partitions.Count; i++)
        {
            var count = checked((uint)(volumes.Partitions[i] * SectorsPerKib));
            var entry = sector.AsSpan(446 + (i * 16), 16);
            entry[0] = i == 0 ? (byte)0x80 : (byte)0;
            entry[4] = LinuxPartition;
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], start);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], count);
            start = checked(start + count);
        }

        sector[510] = 0x55;
        sector[511] = 0xAA;
        return sector;
    }
}
