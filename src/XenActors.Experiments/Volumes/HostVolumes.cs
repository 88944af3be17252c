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
/// The files behind a simulated host's volumes. Everything is opened here, before the simulation begins; what the host profile makes
/// has no name in the file system and is gone after <see cref="Dispose"/>.
/// </summary>
public sealed class HostVolumes : IVolumes, IDisposable
{
    private readonly SortedDictionary<string, Volume> _volumes = new(StringComparer.Ordinal);
    private readonly List<Volume> _numbered = [];
    private int _loops;
    private int _mapped;

    public IReadOnlyList<VolumeReport> Reports =>
        [.. _volumes.Select(v => new VolumeReport(v.Key, v.Value.Image, (long)v.Value.Info.Sectors * 512, v.Value.Made, v.Value.Info.ReadOnly))];

    /// <summary>Puts an image behind a path of the configuration.</summary>
    /// <exception cref="UserErrorException">The image cannot be opened or read.</exception>
    public void Open(string path, string image, bool readOnly)
    {
        FileStream file;
        try
        {
            if (Directory.Exists(image))
            {
                throw new UserErrorException($"{image}: is a directory, not a disk image");
            }

            RefusePipe(image);
            file = new FileStream(image, FileMode.Open, readOnly ? FileAccess.Read : FileAccess.ReadWrite, FileShare.ReadWrite, 1);
        }
        catch (FileNotFoundException)
        {
            throw new UserErrorException($"{image}: no such disk image");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{image}: cannot be opened: {cause.Message}", cause);
        }

        if (!file.CanSeek)
        {
            file.Dispose();
            throw new UserErrorException($"{image}: cannot seek, so it is not a disk image");
        }

        Add(path, image, file, readOnly, made: false);
    }

    /// <summary>Makes a sparse disk with the profile's partition table.</summary>
    public void MakeDisk(string path, DefaultVolumes volumes) =>
        Make(path, volumes.DiskSize * 1024, PartitionedDisk.BootSector(volumes), readOnly: false);

    /// <summary>Makes an empty CD image.</summary>
    public void MakeCdrom(string path, DefaultVolumes volumes) => Make(path, volumes.CdromSectors * 512, [], readOnly: true);

    public VolumeInfo? Find(string path) => _volumes.TryGetValue(path, out var volume) ? volume.Info : null;

    public VolumeInfo? Find(VolumeId id) => TryGet(id, out var volume) ? volume.Info : null;

    public bool Read(VolumeId id, ulong offset, Span<byte> data)
    {
        if (!TryGet(id, out var volume) || offset + (ulong)data.Length > volume.Info.Sectors * 512)
        {
            return false;
        }

        try
        {
            var read = RandomAccess.Read(volume.File.SafeFileHandle, data, (long)offset);
            data[read..].Clear();
            return true;
        }
        catch (IOException)
        {
            return false; // The guest sees a medium error, as it would.
        }
    }

    public bool Write(VolumeId id, ulong offset, ReadOnlySpan<byte> data)
    {
        if (!TryGet(id, out var volume) || volume.Info.ReadOnly || offset + (ulong)data.Length > volume.Info.Sectors * 512)
        {
            return false;
        }

        try
        {
            RandomAccess.Write(volume.File.SafeFileHandle, data, (long)offset);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public bool Flush(VolumeId id)
    {
        if (!TryGet(id, out var volume))
        {
            return false;
        }

        try
        {
            volume.File.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public bool Discard(VolumeId id, ulong offset, ulong length)
    {
        // Zeroes, so that what is read next is the same on every file system.
        var zeroes = new byte[Math.Min(length, 1 << 20)];
        for (; length > 0; length -= (ulong)zeroes.Length, offset += (ulong)zeroes.Length)
        {
            if (length < (ulong)zeroes.Length)
            {
                zeroes = zeroes[..(int)length];
            }

            if (!Write(id, offset, zeroes))
            {
                return false;
            }
        }

        return true;
    }

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

    // A pipe has length 0, and opening one only to read waits for a writer. Opening it for both does not wait.
    private static void RefusePipe(string image)
    {
        if (!File.Exists(image) || new FileInfo(image).Length > 0 || image.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            using var both = new FileStream(image, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1);
            if (both.CanSeek)
            {
                return;
            }
        }
        catch (UnauthorizedAccessException)
        {
            // It cannot be told from a pipe, and nothing is lost: it is empty.
            throw new UserErrorException($"{image}: is empty or a pipe, not a disk image");
        }

        throw new UserErrorException($"{image}: cannot seek, so it is not a disk image");
    }

    private void Make(string path, long bytes, ReadOnlySpan<byte> head, bool readOnly)
    {
        var image = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"xenactors-{Guid.NewGuid():n}.img");
        FileStream file;
        try
        {
            // Without a name from the start: however the process ends, nothing is left behind.
            file = new FileStream(image, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
            File.Delete(image);
            file.SetLength(bytes);
            file.Write(head);
            file.Flush();
        }
        catch (IOException cause)
        {
            throw new UserErrorException($"{path}: the machine lacks it and no sparse file can be made at {image}: {cause.Message}", cause);
        }

        Add(path, "(made for this run)", file, readOnly, made: true);
    }

    private void Add(string path, string image, FileStream file, bool readOnly, bool made)
    {
        var device = path.StartsWith("/dev/", StringComparison.Ordinal);
        var info = new VolumeInfo(
            SectorsOf(image, file), device, device ? DeviceNumber(path) : string.Create(CultureInfo.InvariantCulture, $"7:{_loops++:x}"),
            readOnly, DiscardGranularity: 4096, Barrier: true) { Id = new(_numbered.Count + 1) };
        var volume = new Volume(image, file, info, made);
        _volumes.Add(path, volume);
        _numbered.Add(volume);
    }

    // A block device has no length of its own: the kernel tells it elsewhere, in sectors of 512 bytes.
    private static ulong SectorsOf(string image, FileStream file)
    {
        var size = $"/sys/class/block/{System.IO.Path.GetFileName(image)}/size";
        return file.Length == 0 && image.StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(size)
            ? ulong.Parse(File.ReadAllText(size), CultureInfo.InvariantCulture)
            : (ulong)(file.Length / 512);
    }

    // Loop devices have major 7; everything else is taken for a device-mapper volume (253).
    private string DeviceNumber(string path)
    {
        var name = path["/dev/".Length..];
        return name.StartsWith("loop", StringComparison.Ordinal) && int.TryParse(name.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var loop)
            ? string.Create(CultureInfo.InvariantCulture, $"7:{loop:x}")
            : string.Create(CultureInfo.InvariantCulture, $"fd:{_mapped++:x}");
    }

    private sealed record Volume(string Image, FileStream File, VolumeInfo Info, bool Made);
}
