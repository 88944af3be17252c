using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A job's stages: prepare, transfer, flush, answer. A stage that needs nothing of the disk takes no time.</summary>
public sealed partial class BlockLayerActor
{
    // 2 GiB in one discard.
    private const uint DiscardSectorsMax = 1 << 22;

    // Pages of 4 KiB in a read that goes on where the one before ended (read_ahead_kb's default, 128).
    private const ulong ReadAheadPages = 32;

    private void Run(int id)
    {
        var job = State.Jobs[id]!;
        while (job.Pending == 0)
        {
            var queue = State.Queues[job.Disk];
            if (queue.Gone)
            {
                job.Error = BlockErrno.EIO;
            }

            if (job.Error != BlockErrno.None)
            {
                job.Stage = BlockJobStage.Done;
            }

            switch (job.Stage)
            {
                case BlockJobStage.Prepare:
                    job.Stage = BlockJobStage.Transfer;
                    Prepare(queue, id, job);
                    break;
                case BlockJobStage.Transfer:
                    job.Stage = BlockJobStage.Flush;
                    Transfer(queue, id, job);
                    break;
                case BlockJobStage.Flush:
                    job.Stage = BlockJobStage.Done;
                    MakeDurable(queue, id, job);
                    break;
                default:
                    Finish(queue, id, job);
                    return;
            }
        }
    }

    private void Prepare(DiskQueue queue, int id, BlockJob job)
    {
        if (job.Kind != BlockJobKind.User)
        {
            return;
        }

        if (job.Operation == BlockIoOperation.Sync
            || ((job.Direct || job.Operation is not (BlockIoOperation.Read or BlockIoOperation.Write)) && queue.Cache.Busy(job.Sector, job.End)))
        {
            WaitWritten(queue, id, job);
        }
    }

    private void Transfer(DiskQueue queue, int id, BlockJob job)
    {
        switch (job.Operation)
        {
            case BlockIoOperation.Read when job.Direct:
                Submit(queue, id, job, BlockOperation.Read, BlockFlags.None);
                break;
            case BlockIoOperation.Write when job.Direct:
                queue.Cache.Drop(job.Sector, job.End);
                Submit(queue, id, job, BlockOperation.Write, job.Dsync && queue.Limits is { WriteCache: true, Fua: true } ? BlockFlags.Fua : BlockFlags.None);
                break;
            case BlockIoOperation.Read:
                ReadCached(queue, id, job);
                break;
            case BlockIoOperation.Write:
                WriteCached(queue, id, job);
                break;
            case BlockIoOperation.Discard:
                queue.Cache.Drop(job.Sector, job.End);
                Submit(queue, id, job, BlockOperation.Discard, BlockFlags.None);
                break;
            case BlockIoOperation.SecureDiscard:
                queue.Cache.Drop(job.Sector, job.End);
                Submit(queue, id, job, BlockOperation.SecureErase, BlockFlags.None);
                break;
            case BlockIoOperation.WriteZeroes:
                queue.Cache.Drop(job.Sector, job.End);
                Submit(queue, id, job, BlockOperation.Write, BlockFlags.None);
                break;
        }
    }

    private void MakeDurable(DiskQueue queue, int id, BlockJob job)
    {
        var sync = job.Operation == BlockIoOperation.Sync
            || (job.Dsync && job.Operation != BlockIoOperation.Read && !(job is { Direct: true, Operation: BlockIoOperation.Write } && queue.Limits.Fua));
        if (!sync || job.Kind != BlockJobKind.User)
        {
            return;
        }

        if (job is { Dsync: true, Direct: false, Operation: BlockIoOperation.Write, Epoch: 0 })
        {
            // It lies in the cache: written out first, and then here again.
            job.Stage = BlockJobStage.Flush;
            WaitWritten(queue, id, job);
            return;
        }

        // Without a write cache what was answered is durable.
        if (queue.Limits.WriteCache)
        {
            job.Pending++;
            queue.AddFlush(id, Context.Now);
            Send(queue);
        }
    }

    private void ReadCached(DiskQueue queue, int id, BlockJob job)
    {
        var (first, last) = (PageCache.PageOf(job.Sector), PageCache.PageOf(job.End - 1));
        var handle = State.Handles.GetValueOrDefault(job.Handle);
        for (var index = first; index <= last; index++)
        {
            if (queue.Cache.Find(index) is not null)
            {
                continue;
            }

            var begin = index;
            while (index < last && queue.Cache.Find(index + 1) is null)
            {
                index++;
            }

            var pages = index - begin + 1;
            if (index == last && handle is not null && begin == handle.NextPage)
            {
                pages = Ahead(queue, begin, Math.Max(pages, ReadAheadPages));
            }

            Fill(queue, id, job, begin, pages);
        }

        if (job.Pending > 0)
        {
            job.Stage = BlockJobStage.Transfer; // Again, when they are here.
            return;
        }

        job.Data = new byte[job.Count * SectorSize];
        foreach (var piece in new PagePieces(job.Sector, job.Count))
        {
            var page = queue.Cache.Find(piece.Page)!;
            page.Referenced = true;
            page.Data.AsSpan(piece.At, piece.Length).CopyTo(job.Data.AsSpan(piece.Offset));
        }

        if (handle is not null)
        {
            handle.NextPage = last + 1;
        }
    }

    // Up to the first page that is here already.
    private static ulong Ahead(DiskQueue queue, ulong begin, ulong wanted)
    {
        var pages = 1UL;
        while (pages < wanted && (begin + pages) * PageCache.SectorsPerPage < queue.Sectors && queue.Cache.Find(begin + pages) is null)
        {
            pages++;
        }

        return pages;
    }

    private void WriteCached(DiskQueue queue, int id, BlockJob job)
    {
        // A page that is written in part must be here.
        var (first, last) = (PageCache.PageOf(job.Sector), PageCache.PageOf(job.End - 1));
        if (job.Sector % PageCache.SectorsPerPage != 0 && queue.Cache.Find(first) is null)
        {
            Fill(queue, id, job, first, 1);
        }

        if (job.End % PageCache.SectorsPerPage != 0 && job.End < queue.Sectors && queue.Cache.Find(last) is null && (last != first || job.Pending == 0))
        {
            Fill(queue, id, job, last, 1);
        }

        if (job.Pending > 0)
        {
            job.Stage = BlockJobStage.Transfer;
            return;
        }

        foreach (var piece in new PagePieces(job.Sector, job.Count))
        {
            if (queue.Cache.Find(piece.Page) is null)
            {
                State.Reclaimable.Enqueue(new(queue.Index, piece.Page));
            }

            queue.Cache.Write(piece.Page, piece.At, job.Data.AsSpan(piece.Offset, piece.Length), Context.Now);
        }

        Reclaim();
        StartFlusher();
        Throttle(id, job);
        WriteBack(queue);
    }

    private void Fill(DiskQueue queue, int parent, BlockJob job, ulong page, ulong pages)
    {
        var sector = page * PageCache.SectorsPerPage;
        var fill = new BlockJob
        {
            Kind = BlockJobKind.Fill,
            Disk = queue.Index,
            Operation = BlockIoOperation.Read,
            Direct = true,
            Sector = sector,
            Count = (uint)(Math.Min(sector + (pages * PageCache.SectorsPerPage), queue.Sectors) - sector),
            Parent = parent,
        };
        job.Pending++;
        Run(State.Add(fill));
    }

    private void Finish(DiskQueue queue, int id, BlockJob job)
    {
        State.Remove(id);
        switch (job.Kind)
        {
            case BlockJobKind.Fill:
                for (var at = 0; job.Error == BlockErrno.None && at < job.Data.Length; at += PageCache.PageSize)
                {
                    var index = PageCache.PageOf(job.Sector + (ulong)(at / SectorSize));
                    if (queue.Cache.Find(index) is null)
                    {
                        queue.Cache.Fill(index, job.Data.AsSpan(at, Math.Min(PageCache.PageSize, job.Data.Length - at)));
                        State.Reclaimable.Enqueue(new(queue.Index, index));
                    }
                }

                PartEnded(job.Parent, job.Error);
                Reclaim();
                break;
            case BlockJobKind.Writeback:
                WritebackEnded(queue, job);
                break;
            default:
                Answer(queue, job);
                break;
        }
    }

    private void Answer(DiskQueue queue, BlockJob job)
    {
        if (job.SyncAll >= 0)
        {
            EndSyncAll(job.SyncAll);
            return;
        }

        // A writeback that failed since this user looked last is told once.
        if (job.Operation == BlockIoOperation.Sync && State.Handles.TryGetValue(job.Handle, out var handle) && handle.ErrorsSeen != queue.WriteErrors)
        {
            handle.ErrorsSeen = queue.WriteErrors;
            job.Error = BlockErrno.EIO;
        }

        var data = job.Operation == BlockIoOperation.Read && job.Error == BlockErrno.None ? job.Data : [];
        Context.Tell(job.Asker, new BlockIoDone(job.Cookie, job.Error, data));
    }

    private void EndSyncAll(int number)
    {
        var all = State.SyncAlls[number];
        if (--all.Pending == 0)
        {
            State.SyncAlls.Remove(number);
            Context.Tell(all.User, new BlockSynced(all.Cookie, all.Error));
        }
    }
}
