using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using XenActors.Machine;
using XenActors.Machine.Disks;

namespace XenActors.Experiments.Volumes;

/// <summary>A host's volumes in memory: sparse, made for one run, the same on every machine.</summary>
public sealed class MemoryVolumes : IVolumes
{
    private readonly SortedDictionary<string, Volume> _volumes = new(StringComparer.Ordinal);
    private readonly List<Volume> _numbered = [];
    private int _files;
    private int _devices;

    /// <summary>In the order in which they were added.</summary>
    public IReadOnlyList<string> Paths => [.. _numbered.Select(v => v.Path)];

    /// <summary>A disk with the profile's partition table.</summary>
    public void AddDisk(string path, DefaultVolumes layout) => Add(path, (ulong)layout.DiskSize * 2, readOnly: false).Write(0, PartitionedDisk.BootSector(layout));

    /// <summary>A CD without content.</summary>
    public void AddCdrom(string path, DefaultVolumes layout) => Add(path, (ulong)layout.CdromSectors, readOnly: true);

    /// <summary>A disk of this many sectors that begins with these bytes.</summary>
    public void AddBytes(string path, ulong sectors, ReadOnlySpan<byte> head) => Add(path, sectors, readOnly: false).Write(0, head);

    public bool Has(string path) => _volumes.ContainsKey(path);

    public VolumeInfo? Find(string path) => _volumes.TryGetValue(path, out var volume) ? volume.Info : null;

    public VolumeInfo? Find(VolumeId volume) => TryGet(volume, out var found) ? found.Info : null;

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        if (!TryGet(volume, out var found) || !found.Holds(offset, (ulong)data.Length))
        {
            return false;
        }

        found.Read(offset, data);
        return true;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data)
    {
        if (!TryGet(volume, out var found) || found.Info.ReadOnly || !found.Holds(offset, (ulong)data.Length))
        {
            return false;
        }

        found.Write(offset, data);
        return true;
    }

    public bool Flush(VolumeId volume) => TryGet(volume, out _);

    public bool Grow(VolumeId volume, ulong sectors)
    {
        if (!TryGet(volume, out var found) || found.Info.ReadOnly)
        {
            return false;
        }

        found.Sectors = Math.Max(found.Sectors, sectors);
        return true;
    }

    public bool Discard(VolumeId volume, ulong offset, ulong length)
    {
        if (!TryGet(volume, out var found) || found.Info.ReadOnly || !found.Holds(offset, length))
        {
            return false;
        }

        found.Clear(offset, length);
        return true;
    }

    private Volume Add(string path, ulong sectors, bool readOnly)
    {
        var device = path.StartsWith("/dev/", StringComparison.Ordinal);
        var number = device
            ? string.Create(CultureInfo.InvariantCulture, $"fd:{_devices++:x}")
            : string.Create(CultureInfo.InvariantCulture, $"7:{_files++:x}");
        var volume = new Volume(
            path, new VolumeInfo(sectors, device, number, readOnly, DiscardGranularity: 4096, Barrier: true) { Id = new(_numbered.Count + 1) });
        _volumes.Add(path, volume);
        _numbered.Add(volume);
        return volume;
    }

    private bool TryGet(VolumeId id, [NotNullWhen(true)] out Volume? volume)
    {
        volume = id.Number > 0 && id.Number <= _numbered.Count ? _numbered[id.Number - 1] : null;
        return volume is not null;
    }

    private sealed class Volume(string path, VolumeInfo info)
    {
        private const int PageBytes = 4096;

        private readonly Dictionary<ulong, byte[]> _pages = [];

        public string Path => path;

        public VolumeInfo Info => info;

        /// <summary>What it can hold: its information, which others read, does not change.</summary>
        public ulong Sectors { get; set; } = info.Sectors;

        public bool Holds(ulong offset, ulong length) => offset <= Sectors * 512 && length <= (Sectors * 512) - offset;

        public void Read(ulong offset, Span<byte> data)
        {
            for (var done = 0; done < data.Length;)
            {
                var (page, at) = Math.DivRem(offset + (ulong)done, PageBytes);
                var piece = data.Slice(done, Math.Min(data.Length - done, PageBytes - (int)at));
                if (_pages.TryGetValue(page, out var bytes))
                {
                    bytes.AsSpan((int)at, piece.Length).CopyTo(piece);
                }
                else
                {
                    piece.Clear();
                }

                done += piece.Length;
            }
        }

        public void Write(ulong offset, ReadOnlySpan<byte> data)
        {
            for (var done = 0; done < data.Length;)
            {
                var (page, at) = Math.DivRem(offset + (ulong)done, PageBytes);
                var length = Math.Min(data.Length - done, PageBytes - (int)at);
                if (!_pages.TryGetValue(page, out var bytes))
                {
                    bytes = new byte[PageBytes];
                    _pages.Add(page, bytes);
                }

                data.Slice(done, length).CopyTo(bytes.AsSpan((int)at));
                done += length;
            }
        }

        public void Clear(ulong offset, ulong length)
        {
            for (var done = 0UL; done < length;)
            {
                var (page, at) = Math.DivRem(offset + done, PageBytes);
                var piece = Math.Min(length - done, PageBytes - at);
                if (piece == PageBytes)
                {
                    _pages.Remove(page);
                }
                else if (_pages.TryGetValue(page, out var bytes))
                {
                    bytes.AsSpan((int)at, (int)piece).Clear();
                }

                done += piece;
            }
        }
    }
}
