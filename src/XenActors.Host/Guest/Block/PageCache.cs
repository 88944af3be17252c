using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>
/// A disk's pages in memory. Every page that turns dirty carries the epoch of that moment; a sync begins a new epoch and is done when nothing older is
/// dirty or under way. Sources: Linux <c>mm/filemap.c</c>, <c>mm/page-writeback.c</c>.
/// </summary>
[Codec]
public sealed partial class PageCache
{
    public const int PageSize = 4096;
    public const uint SectorsPerPage = PageSize / SectorSize;
    private const int SectorSize = 512;

    public SortedDictionary<ulong, CachePage> Pages { get; init; } = [];

    /// <summary>Indices of dirty pages.</summary>
    public SortedSet<ulong> Dirty { get; init; } = [];

    public long Epoch { get; private set; } = 1;

    /// <summary>How many pages of each epoch are dirty or on their way.</summary>
    public SortedDictionary<long, long> Unwritten { get; init; } = [];

    /// <summary>Pages on their way to the disk.</summary>
    public long WritebackPages { get; private set; }

    public static ulong PageOf(ulong sector) => sector / SectorsPerPage;

    /// <summary>The epoch that a sync has to wait for; later writes belong to the next.</summary>
    public long CloseEpoch() => Epoch++;

    /// <summary>Nothing up to this epoch is dirty or on its way.</summary>
    public bool Written(long epoch)
    {
        foreach (var oldest in Unwritten.Keys)
        {
            return oldest > epoch;
        }

        return true;
    }

    /// <summary>Whether some page of these sectors is dirty or on its way.</summary>
    public bool Busy(ulong sector, ulong end)
    {
        if (Unwritten.Count == 0)
        {
            return false;
        }

        for (var index = PageOf(sector); index * SectorsPerPage < end; index++)
        {
            if (Pages.TryGetValue(index, out var page) && (page.Dirty || page.Writeback))
            {
                return true;
            }
        }

        return false;
    }

    public CachePage? Find(ulong index) => Pages.GetValueOrDefault(index);

    /// <summary>A page as the disk has it, unless it is here already.</summary>
    public CachePage Fill(ulong index, ReadOnlySpan<byte> data)
    {
        if (!Pages.TryGetValue(index, out var page))
        {
            page = new CachePage { Index = index, Data = new byte[PageSize] };
            data.CopyTo(page.Data);
            Pages.Add(index, page);
        }

        return page;
    }

    /// <summary>Writes into a page that is here, or the whole of one; <paramref name="at"/> in bytes.</summary>
    public CachePage Write(ulong index, int at, ReadOnlySpan<byte> data, VirtualTime now)
    {
        var page = Fill(index, []);
        data.CopyTo(page.Data.AsSpan(at));
        page.Referenced = true;
        if (!page.Dirty)
        {
            page.DirtyEpoch = Epoch;
            page.DirtySince = now;
            Dirty.Add(index);
            Count(Epoch, 1);
        }

        return page;
    }

    /// <summary>The page goes to the disk as it is now.</summary>
    public void BeginWriteback(CachePage page)
    {
        page.WritebackEpoch = page.DirtyEpoch;
        page.DirtyEpoch = 0;
        Dirty.Remove(page.Index);
        WritebackPages++;
    }

    public void EndWriteback(ulong index)
    {
        if (Pages.TryGetValue(index, out var page) && page.Writeback)
        {
            Count(page.WritebackEpoch, -1);
            page.WritebackEpoch = 0;
            WritebackPages--;
        }
    }

    /// <summary>The sectors' pages go, whatever they hold: the disk is changed past the cache. A page on its way stays until it has arrived.</summary>
    public void Drop(ulong sector, ulong end)
    {
        if (Pages.Count == 0)
        {
            return;
        }

        for (var index = PageOf(sector); index * SectorsPerPage < end; index++)
        {
            if (!Pages.TryGetValue(index, out var page))
            {
                continue;
            }

            if (page.Dirty)
            {
                // A page that is covered in part keeps what lies outside.
                if (index * SectorsPerPage < sector || (index + 1) * SectorsPerPage > end)
                {
                    continue;
                }

                Count(page.DirtyEpoch, -1);
                page.DirtyEpoch = 0;
                Dirty.Remove(index);
            }

            if (!page.Writeback)
            {
                Pages.Remove(index);
            }
        }
    }

    /// <summary>Reclaim: true when the page went. One that was used since the last look gets another turn.</summary>
    public bool Reclaim(ulong index)
    {
        if (!Pages.TryGetValue(index, out var page))
        {
            return true;
        }

        if (page.Dirty || page.Writeback || page.Referenced)
        {
            page.Referenced = false;
            return false;
        }

        return Pages.Remove(index);
    }

    /// <summary>Every clean page goes; how many.</summary>
    public long DropClean()
    {
        var clean = new List<ulong>();
        foreach (var page in Pages.Values)
        {
            if (!page.Dirty && !page.Writeback)
            {
                clean.Add(page.Index);
            }
        }

        clean.ForEach(i => Pages.Remove(i));
        return clean.Count;
    }

    private void Count(long epoch, long change)
    {
        var count = Unwritten.GetValueOrDefault(epoch) + change;
        if (count == 0)
        {
            Unwritten.Remove(epoch);
        }
        else
        {
            Unwritten[epoch] = count;
        }
    }
}
