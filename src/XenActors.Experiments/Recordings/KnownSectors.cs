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
        while (data.Length > 0)
        {
            var run = Rest(first);
            run = run[..Math.Min(run.Length, data.Length / SectorSize)];
            for (var i = 0; i < run.Length; i++)
            {
                run[i] = Hash(data.Slice(i * SectorSize, SectorSize));
            }

            first += (ulong)run.Length;
            data = data[(run.Length * SectorSize)..];
        }
    }

    public void PutZeros(ulong first, ulong count) => Fill(first, count, Zeros);

    public void Forget(ulong first, ulong count) => Fill(first, count, 0);

    private bool IsKnown(ulong sector, ReadOnlySpan<byte> data) =>
        _pages.TryGetValue(sector / PageSectors, out var page) && page[sector % PageSectors] is > 0 and var hash && hash == Hash(data[..SectorSize]);

    private void Fill(ulong first, ulong count, ulong hash)
    {
        while (count > 0)
        {
            var run = Rest(first);
            run = run[..(int)Math.Min((ulong)run.Length, count)];
            run.Fill(hash);
            first += (ulong)run.Length;
            count -= (ulong)run.Length;
        }
    }

    // From a sector to the end of its page.
    private Span<ulong> Rest(ulong sector)
    {
        if (!_pages.TryGetValue(sector / PageSectors, out var page))
        {
            page = new ulong[PageSectors];
            _pages.Add(sector / PageSectors, page);
        }

        return page.AsSpan((int)(sector % PageSectors));
    }

    private static ulong Hash(ReadOnlySpan<byte> sector) => BulkHash.Of(sector) | 1;
}
