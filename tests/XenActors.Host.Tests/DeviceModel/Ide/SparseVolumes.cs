using XenActors.Machine.Disks;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>A disk and a CD in memory, of any size, that keep only what was written; the CD's sectors show their number.</summary>
internal sealed class SparseVolumes(ulong diskSectors) : IVolumes
{
    public const ulong CdSectors = 728;

    public SortedDictionary<ulong, byte[]> Disk { get; } = [];

    public int Flushes { get; private set; }

    public VolumeInfo? Find(string path) => path switch
    {
        "/dev/loop0" => new(diskSectors, true, "7:0", false, 4096, true) { Id = new(1) },
        "/g/x.iso" => new(CdSectors, false, "", true, 0, false) { Id = new(2) },
        "/g/y.iso" => new(2 * CdSectors, false, "", true, 0, false) { Id = new(3) },
        _ => null,
    };

    public VolumeInfo? Find(VolumeId volume) => Find(volume.Number switch { 1 => "/dev/loop0", 2 => "/g/x.iso", _ => "/g/y.iso" });

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        for (var i = 0; i < data.Length; i += 512)
        {
            var number = (offset + (ulong)i) / 512;
            var sector = volume.Number > 1 ? IdeRig.Sector(number + ((ulong)volume.Number << 32)) : Disk.GetValueOrDefault(number) ?? new byte[512];
            sector.CopyTo(data[i..]);
        }

        return true;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data)
    {
        for (var i = 0; i < data.Length; i += 512)
        {
            Disk[(offset + (ulong)i) / 512] = data.Slice(i, 512).ToArray();
        }

        return volume.Number == 1;
    }

    public bool Flush(VolumeId volume)
    {
        Flushes++;
        return true;
    }

    public bool Discard(VolumeId volume, ulong offset, ulong length) => volume.Number == 1;
}
