using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>The flusher looks for old dirty pages.</summary>
[Codec]
public readonly partial record struct FlusherDue;

/// <summary>Dirty pages go to the disk: when somebody syncs, when they are old, or when they are too many (Linux <c>mm/page-writeback.c</c>).</summary>
public sealed partial class BlockLayerActor
{
    // Writebacks of a disk under way at once, so that reads are not stuck behind thousands.
    private const int WritebacksMax = 64;

    // Pages that one reclaim looks at: what it cannot free now, the next will.
    private const int LooksMax = 256;

    // vm.dirty_background_ratio and vm.dirty_ratio, in percent.
    private const int BackgroundPercent = 10;
    private const int ThrottlePercent = 20;

    // vm.dirty_writeback_centisecs, vm.dirty_expire_centisecs.
    private static readonly VirtualDuration FlusherInterval = VirtualDuration.FromSeconds(5);
    private static readonly VirtualDuration Expiry = VirtualDuration.FromSeconds(30);

    public void On(in FlusherDue m)
    {
        State.FlusherRuns = false;
        var old = Context.Now - VirtualTime.Zero > Expiry ? Context.Now - Expiry : VirtualTime.Zero;
        foreach (var queue in State.Queues)
        {
            queue.ExpiredBefore = old;
            WriteBack(queue);
        }

        if (State.DirtyPages() > 0)
        {
            StartFlusher();
        }
    }

    private void StartFlusher()
    {
        if (!State.FlusherRuns)
        {
            State.FlusherRuns = true;
            Context.StartTimer(new FlusherDue(), FlusherInterval);
        }
    }

    private void WaitWritten(DiskQueue queue, int id, BlockJob job)
    {
        job.Epoch = queue.Cache.CloseEpoch();
        if (queue.Cache.Written(job.Epoch))
        {
            return;
        }

        job.Pending++;
        State.Syncs.Add(id);
        WriteBack(queue);
    }

    private void Throttle(int id, BlockJob job)
    {
        if (State.DirtyPages() * 100 > State.PagesMax * ThrottlePercent)
        {
            job.Pending++;
            State.Throttled.Enqueue(id);
        }
    }

    // Runs of neighbours that are due become one job each.
    private void WriteBack(DiskQueue queue)
    {
        var sync = 0L;
        foreach (var id in State.Syncs)
        {
            sync = State.Jobs[id]!.Disk == queue.Index ? Math.Max(sync, State.Jobs[id]!.Epoch) : sync;
        }

        var all = State.DirtyPages() * 100 > State.PagesMax * BackgroundPercent;
        var due = new List<CachePage>();
        var runs = queue.Writebacks;
        var pagesMax = (int)Math.Max(1, queue.Limits.MaxSectors / PageCache.SectorsPerPage);
        var inRun = 0;
        foreach (var index in queue.Cache.Dirty)
        {
            var page = queue.Cache.Find(index)!;
            if (page.Writeback || !(all || page.DirtyEpoch <= sync || page.DirtySince < queue.ExpiredBefore))
            {
                continue;
            }

            var goesOn = due.Count > 0 && due[^1].Index + 1 == index && inRun < pagesMax;
            if (!goesOn && ++runs > WritebacksMax)
            {
                break;
            }

            inRun = goesOn ? inRun + 1 : 1;
            due.Add(page);
        }

        for (var i = 0; i < due.Count;)
        {
            var end = i + 1;
            while (end < due.Count && end - i < pagesMax && due[end].Index == due[end - 1].Index + 1)
            {
                end++;
            }

            WriteBack(queue, due, i, end);
            i = end;
        }
    }

    private void WriteBack(DiskQueue queue, List<CachePage> pages, int from, int to)
    {
        var sector = pages[from].Index * PageCache.SectorsPerPage;
        var count = (uint)(Math.Min((pages[to - 1].Index + 1) * PageCache.SectorsPerPage, queue.Sectors) - sector);
        var data = new byte[count * SectorSize];
        for (var i = from; i < to; i++)
        {
            var at = (i - from) * PageCache.PageSize;
            pages[i].Data.AsSpan(0, Math.Min(PageCache.PageSize, data.Length - at)).CopyTo(data.AsSpan(at));
            queue.Cache.BeginWriteback(pages[i]);
        }

        queue.Writebacks++;
        var id = State.Add(new BlockJob
        {
            Kind = BlockJobKind.Writeback,
            Disk = queue.Index,
            Operation = BlockIoOperation.Write,
            Stage = BlockJobStage.Flush,
            Sector = sector,
            Count = count,
            Data = data,
        });
        Submit(queue, id, State.Jobs[id]!, BlockOperation.Write, BlockFlags.None);
    }

    private void WritebackEnded(DiskQueue queue, BlockJob job)
    {
        queue.Writebacks--;
        for (var index = PageCache.PageOf(job.Sector); index * PageCache.SectorsPerPage < job.End; index++)
        {
            queue.Cache.EndWriteback(index);
        }

        if (job.Error != BlockErrno.None)
        {
            // As in Linux, the page counts as clean: who syncs is told.
            queue.WriteErrors++;
        }

        Reclaim();
        WriteBack(queue);
        for (var i = 0; i < State.Syncs.Count; i++)
        {
            var id = State.Syncs[i];
            var sync = State.Jobs[id]!;
            if (sync.Disk == job.Disk && queue.Cache.Written(sync.Epoch))
            {
                State.Syncs.RemoveAt(i--);
                PartEnded(id, BlockErrno.None);
            }
        }

        while (State.Throttled.Count > 0 && State.DirtyPages() * 100 <= State.PagesMax * ((BackgroundPercent + ThrottlePercent) / 2))
        {
            PartEnded(State.Throttled.Dequeue(), BlockErrno.None);
        }
    }

    private void Reclaim()
    {
        for (var looks = Math.Min(LooksMax, 2 * State.Reclaimable.Count); State.Reclaimable.Count > State.PagesMax && looks > 0; looks--)
        {
            var place = State.Reclaimable.Dequeue();
            if (!State.Queues[place.Disk].Cache.Reclaim(place.Page))
            {
                State.Reclaimable.Enqueue(place);
            }
        }
    }
}
