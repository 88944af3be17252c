using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using XenActors.Machine;
using XenActors.Machine.Disks;

namespace XenActors.Experiments.Volumes;

/// <summary>A volume of this run, for the report.</summary>
/// <param name="Path">As the configuration names it.</param>
/// <param name="Image">The file behind it.</param>
/// <param name="Made">By the host profile, because the machine lacks it; it goes with the run.</param>
public sealed record VolumeReport(string Path, string Image, long Bytes, bool Made, bool ReadOnly);

/// <summary>
/// The images behind a simulated host's volumes. Everything is opened here, before the simulation begins; what the host profile makes
/// has no name in the file system and is gone after <see cref="Dispose"/>.
/// </summary>
public sealed class HostVolumes : IVolumes, IDisposable
{
    private const string MadeImage = "(made for this run)";

    private readonly SortedDictionary<string, Volume> _volumes = new(StringComparer.Ordinal);
    private readonly List<Volume> _numbered = [];
    private int _loops;
    private int _mapped;

    public IReadOnlyList<VolumeReport> Reports =>
        [.. _volumes.Select(v => new VolumeReport(v.Key, v.Value.Image, (long)v.Value.Info.Sectors * 512, v.Value.Made, v.Value.Info.ReadOnly))];

    /// <summary>Puts an image behind a path of the configuration.</summary>
    /// <param name="format">QEMU's name of the image's format.</param>
    /// <exception cref="UserErrorException">The image cannot be opened or read.</exception>
    public void Open(string path, string image, bool readOnly, string format = "raw") =>
        Add(path, image, format == "raw" ? RawFile.Open(image, readOnly) : QemuNbd.Open(image, format, readOnly), made: false);

    /// <summary>Makes a sparse disk with the profile's partition table.</summary>
    public void MakeDisk(string path, DefaultVolumes volumes) =>
        Make(path, volumes.DiskSize * 1024, PartitionedDisk.BootSector(volumes), readOnly: false);

    /// <summary>Makes an empty CD image.</summary>
    public void MakeCdrom(string path, DefaultVolumes volumes) => Make(path, volumes.CdromSectors * 512, [], readOnly: true);

    public VolumeInfo? Find(string path) => _volumes.TryGetValue(path, out var volume) ? volume.Info : null;

    public VolumeInfo? Find(VolumeId id) => TryGet(id, out var volume) ? volume.Info : null;

    public bool Read(VolumeId id, ulong offset, Span<byte> data) =>
        TryGet(id, out var volume) && volume.Has(offset, (ulong)data.Length) && volume.File.Read(offset, data);

    public bool Write(VolumeId id, ulong offset, ReadOnlySpan<byte> data) =>
        TryGet(id, out var volume) && !volume.Info.ReadOnly && volume.Has(offset, (ulong)data.Length) && volume.File.Write(offset, data);

    public bool Flush(VolumeId id) => TryGet(id, out var volume) && (volume.Info.ReadOnly || volume.File.Flush());

    public bool Discard(VolumeId id, ulong offset, ulong length) =>
        TryGet(id, out var volume) && !volume.Info.ReadOnly && volume.Has(offset, length) && volume.File.Discard(offset, length);

    public void Dispose()
    {
        foreach (var volume in _volumes.Values)
        {
            volume.File.Dispose();
        }
    }

    private bool TryGet(VolumeId id, [NotNullWhen(true)] out Volume? volume)
    {
        volume = id.Number > 0 && id.Number <= _numbered.Count ? _numbered[id.Number - 1] : null;
        return volume is not null;
    }

    private void Make(string path, long bytes, ReadOnlySpan<byte> head, bool readOnly)
    {
        var file = ScratchFile.Create(path, bytes);
        file.Write(head);
        file.Flush();
        Add(path, MadeImage, new RawFile(MadeImage, file, readOnly), made: true);
    }

    private void Add(string path, string image, IVolumeFile file, bool made)
    {
        var device = path.StartsWith("/dev/", StringComparison.Ordinal);
        var info = new VolumeInfo(
            file.Sectors, device, device ? DeviceNumber(path) : string.Create(CultureInfo.InvariantCulture, $"7:{_loops++:x}"),
            file.ReadOnly, DiscardGranularity: 4096, Barrier: true) { Id = new(_numbered.Count + 1) };
        var volume = new Volume(image, file, info, made);
        _volumes.Add(path, volume);
        _numbered.Add(volume);
    }

    // Loop devices have major 7; everything else is taken for a device-mapper volume (253).
    private string DeviceNumber(string path)
    {
        var name = path["/dev/".Length..];
        return name.StartsWith("loop", StringComparison.Ordinal) && int.TryParse(name.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var loop)
            ? string.Create(CultureInfo.InvariantCulture, $"7:{loop:x}")
            : string.Create(CultureInfo.InvariantCulture, $"fd:{_mapped++:x}");
    }

    private sealed record Volume(string Image, IVolumeFile File, VolumeInfo Info, bool Made)
    {
        public bool Has(ulong offset, ulong length) => offset <= Info.Sectors * 512 && length <= (Info.Sectors * 512) - offset;
    }
}
