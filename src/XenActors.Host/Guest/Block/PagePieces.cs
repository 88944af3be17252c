namespace XenActors.Guest.Block;

/// <summary>A run of sectors, page by page; enumerated without allocation.</summary>
public struct PagePieces(ulong sector, uint count)
{
    private const int SectorSize = 512;

    private readonly ulong _begin = sector;
    private readonly ulong _end = sector + count;
    private ulong _next = sector;

    /// <summary>The page, the place in it, the length, and the place in the run's own bytes: all in bytes.</summary>
    public readonly record struct Piece(ulong Page, int At, int Length, int Offset);

    public Piece Current { get; private set; }

    public readonly PagePieces GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }

        var page = _next / PageCache.SectorsPerPage;
        var next = Math.Min((page + 1) * PageCache.SectorsPerPage, _end);
        Current = new(page, (int)(_next % PageCache.SectorsPerPage) * SectorSize, (int)(next - _next) * SectorSize, (int)(_next - _begin) * SectorSize);
        _next = next;
        return true;
    }
}
