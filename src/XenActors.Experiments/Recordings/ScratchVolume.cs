using XenActors.Experiments.Volumes;

namespace XenActors.Experiments.Recordings;

/// <summary>A volume of which only some sectors are known: a sparse file, and a bit a sector.</summary>
internal sealed class ScratchVolume(string path, ulong sectors) : IDisposable
{
    private const int PageSectors = 32768;

    private readonly FileStream _file = ScratchFile.Create(path, checked((long)sectors * KnownSectors.SectorSize));
    private readonly Dictionary<ulong, ulong[]> _known = [];

    /// <summary>False when one of the bytes is not known.</summary>
    public bool TryRead(ulong offset, Span<byte> data)
    {
        var end = (offset + (ulong)data.Length + KnownSectors.SectorSize - 1) / KnownSectors.SectorSize;
        for (var sector = offset / KnownSectors.SectorSize; sector < end; sector++)
        {
            if (sector >= sectors || !_known.TryGetValue(sector / PageSectors, out var page) || (page[sector % PageSectors / 64] >> (int)(sector % 64) & 1) == 0)
            {
                return false;
            }
        }

        var read = RandomAccess.Read(_file.SafeFileHandle, data, (long)offset);
        data[read..].Clear();
        return true;
    }

    public void Write(ulong offset, ReadOnlySpan<byte> data)
    {
        RandomAccess.Write(_file.SafeFileHandle, data, (long)offset);
        Know(offset, (ulong)data.Length);
    }

    public void Clear(ulong offset, ulong length)
    {
        if (!FileHoles.Punch(_file.SafeFileHandle, offset, length))
        {
            FileHoles.Fill(_file.SafeFileHandle, offset, length);
        }

        Know(offset, length);
    }

    public void Dispose() => _file.Dispose();

    private void Know(ulong offset, ulong length)
    {
        var end = (offset + length + KnownSectors.SectorSize - 1) / KnownSectors.SectorSize;
        for (var sector = offset / KnownSectors.SectorSize; sector < end; sector++)
        {
            if (!_known.TryGetValue(sector / PageSectors, out var page))
            {
                page = new ulong[PageSectors / 64];
                _known.Add(sector / PageSectors, page);
            }

            page[sector % PageSectors / 64] |= 1UL << (int)(sector % 64);
        }
    }
}
