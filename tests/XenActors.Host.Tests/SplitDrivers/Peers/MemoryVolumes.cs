using XenActors.Machine.Disks;

namespace XenActors.Tests.SplitDrivers;

/// <summary>Volumes in memory: a disk of 128 sectors, each filled with its own number, and one that may not be written.</summary>
internal sealed class MemoryVolumes : IVolumes
{
    public const int Sectors = 128;

    public SortedDictionary<string, byte[]> Images { get; } = new(StringComparer.Ordinal) { ["/disk"] = Image(), ["/cd"] = Image() };

    public int Flushes { get; private set; }

    public VolumeInfo? Find(string path) =>
        Images.ContainsKey(path) ? new(Sectors, true, "7:0", path == "/cd", 4096, true) { Id = new(path == "/cd" ? 1 : 2) } : null;

    public VolumeInfo? Find(VolumeId volume) => Find(Path(volume));

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        if (offset + (ulong)data.Length > Sectors * 512)
        {
            return false;
        }

        Images[Path(volume)].AsSpan((int)offset, data.Length).CopyTo(data);
        return true;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data)
    {
        data.CopyTo(Images[Path(volume)].AsSpan((int)offset));
        return true;
    }

    public bool Flush(VolumeId volume)
    {
        Flushes++;
        return true;
    }

    public bool Discard(VolumeId volume, ulong offset, ulong length)
    {
        Images[Path(volume)].AsSpan((int)offset, (int)length).Clear();
        return true;
    }

    // In the order of the paths.
    private static string Path(VolumeId volume) => volume.Number == 1 ? "/cd" : "/disk";

    private static byte[] Image() => [.. Enumerable.Range(0, Sectors * 512).Select(i => (byte)(i / 512))];
}
