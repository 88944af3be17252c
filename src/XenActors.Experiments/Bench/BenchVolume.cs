using XenActors.Machine.Disks;

namespace XenActors.Experiments.Bench;

/// <summary>One volume in memory, for measurements: no file's speed is in them.</summary>
internal sealed class BenchVolume : IVolumes
{
    public const string Path = "/dev/bench";

    private const int Bytes = 64 << 20;

    private static readonly VolumeInfo Info = new(Bytes / 512, true, "7:0", false, 4096, true) { Id = new(1) };

    private readonly byte[] contents = Contents();

    public VolumeInfo? Find(string path) => path == Path ? Info : null;

    public VolumeInfo? Find(VolumeId volume) => volume == Info.Id ? Info : null;

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        if (offset > Bytes || (ulong)data.Length > Bytes - offset)
        {
            return false;
        }

        contents.AsSpan((int)offset, data.Length).CopyTo(data);
        return true;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data)
    {
        data.CopyTo(contents.AsSpan((int)offset));
        return true;
    }

    public bool Flush(VolumeId volume) => true;

    public bool Discard(VolumeId volume, ulong offset, ulong length)
    {
        contents.AsSpan((int)offset, (int)length).Clear();
        return true;
    }

    // Every sector begins with its own number.
    private static byte[] Contents()
    {
        var bytes = new byte[Bytes];
        for (var sector = 0; sector < Bytes / 512; sector++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sector * 512), sector);
        }

        return bytes;
    }
}
