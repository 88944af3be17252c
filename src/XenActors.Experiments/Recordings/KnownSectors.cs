using XenActors.Simulation;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// Which sectors of a volume a replay of the recording will know, and a hash of what it will read there: 8 bytes for 512, so that a session may read
/// and write more than fits into memory.
/// </summary>
internal sealed class KnownSectors
{
    public const int SectorSize = 512;

    private const int PageSectors = 4096;

    // 0 is unknown.
    private readonly Dictionary<ulong, ulong[]> _pages = [];

    private static ulong Zeros { get; } = Hash(new byte[SectorSize]);

    /// <summary>How many sectors from the first one on are known with these bytes, or, if the first one is not, how many are not.</summary>
    public int Run(ulong first, ReadOnlySpan<byte> data, out bool known)
    {
        known = IsKnown(first, data);
        var count = 1;
        for (data = data[SectorSize..]; data.Length > 0 && IsKnown(first + (ulong)count, data) == known; data = data[SectorSize..])
        {
            count++;
        }

        return count;
    }

    public void Put(ulong first, ReadOnlySpan<byte> data)
    {
        for (; data.Length > 0; data = data[SectorSize..])
        {
            At(first++) = Hash(data[..SectorSize]);
        }
    }

    public void PutZeros(ulong first, ulong count)
    {
        for (; count > 0; count--)
        {
            At(first++) = Zeros;
        }
    }

    public void Forget(ulong first, ulong count)
    {
        for (; count > 0; count--)
        {
            At(first++) = 0;
        }
    }

    private bool IsKnown(ulong sector, ReadOnlySpan<byte> data) =>
        _pages.TryGetValue(sector / PageSectors, out var page) && page[sector % PageSectors] is > 0 and var hash && hash == Hash(data[..SectorSize]);

    private ref ulong At(ulong sector)
    {
        if (!_pages.TryGetValue(sector / PageSectors, out var page))
        {
            page = new ulong[PageSectors];
            _pages.Add(sector / PageSectors, page);
        }

        return ref page[sector % PageSectors];
    }

    private static ulong Hash(ReadOnlySpan<byte> sector) => BulkHash.Of(sector) | 1;
}
