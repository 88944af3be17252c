using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>Between jobs and the driver: split to the disk's limits, sent as far as the driver takes them, answered.</summary>
public sealed partial class BlockLayerActor
{
    public void On(in BlockDone m)
    {
        foreach (var queue in State.Queues)
        {
            if (queue.Driver == Sender && !queue.Gone && queue.Ended(m.Cookie) is { } request)
            {
                End(queue, request, m.Status, m.Data);
                Send(queue);
                return;
            }
        }
    }

    // Cuts a job's sectors into requests.
    private void Submit(DiskQueue queue, int id, BlockJob job, BlockOperation operation, BlockFlags flags)
    {
        var most = operation is BlockOperation.Read or BlockOperation.Write ? Math.Max(1, queue.Limits.MaxSectors) : DiscardSectorsMax;
        for (var at = 0u; at < job.Count;)
        {
            var count = Math.Min(most, job.Count - at);
            job.Pending++;
            if (job.Kind != BlockJobKind.User && State.EndCost > VirtualDuration.Zero)
            {
                // Its own for the page cache.
                Context.Work(State.EndCost);
            }

            queue.Add(operation, flags, job.Sector + at, new RequestPart(id, at, count), Context.Now);
            at += count;
        }

        Send(queue);
    }

    private void Send(DiskQueue queue)
    {
        while (!queue.Gone && queue.Next() is { } request)
        {
            var data = request.Operation == BlockOperation.Write ? Gather(request) : [];
            Context.Tell(queue.Driver, new BlockRequest(request.Cookie, request.Operation, request.Flags, request.Sector, request.Count, data));
        }
    }

    private byte[] Gather(DiskRequest request)
    {
        var first = State.Jobs[request.First.Job]!;
        if (request.More is null && request.First.Count == first.Count && first.Data.Length > 0)
        {
            return first.Data;
        }

        var data = new byte[request.Count * SectorSize];
        var at = 0;
        for (var i = 0; i < request.Parts; i++)
        {
            var part = request.Part(i);
            var job = State.Jobs[part.Job]!;
            if (job.Data.Length > 0)
            {
                // Else zeroes are written.
                job.Data.AsSpan((int)(part.At * SectorSize), (int)(part.Count * SectorSize)).CopyTo(data.AsSpan(at));
            }

            at += (int)(part.Count * SectorSize);
        }

        return data;
    }

    private void End(DiskQueue queue, DiskRequest request, BlockStatus status, byte[] data)
    {
        if (status == BlockStatus.Ok && request.Operation == BlockOperation.Read && data.Length != request.Count * SectorSize)
        {
            status = BlockStatus.IoError;
        }

        if (State.EndCost > VirtualDuration.Zero)
        {
            Context.Work(State.EndCost);
        }

        queue.Stats.End(request, status == BlockStatus.Ok, Context.Now);
        var error = status switch
        {
            BlockStatus.Ok => BlockErrno.None,
            BlockStatus.NotSupported => BlockErrno.EOPNOTSUPP,
            _ => BlockErrno.EIO,
        };
        if (request.Operation == BlockOperation.Flush)
        {
            // A disk that takes no flush has nothing to flush.
            error = error == BlockErrno.EOPNOTSUPP ? BlockErrno.None : error;
            foreach (var job in queue.EndFlush(Context.Now))
            {
                PartEnded(job, error);
            }

            return;
        }

        var at = 0;
        for (var i = 0; i < request.Parts; i++)
        {
            var part = request.Part(i);
            var length = (int)(part.Count * SectorSize);
            if (request.Operation == BlockOperation.Read && error == BlockErrno.None)
            {
                Take(State.Jobs[part.Job]!, part, data, at, length);
            }

            at += length;
            PartEnded(part.Job, error);
        }
    }

    private static void Take(BlockJob job, RequestPart part, byte[] data, int at, int length)
    {
        if (part.Count == job.Count && data.Length == length)
        {
            job.Data = data;
            return;
        }

        if (job.Data.Length == 0)
        {
            job.Data = new byte[job.Count * SectorSize];
        }

        data.AsSpan(at, length).CopyTo(job.Data.AsSpan((int)(part.At * SectorSize)));
    }

    private void PartEnded(int id, BlockErrno error)
    {
        var job = State.Jobs[id]!;
        if (error != BlockErrno.None)
        {
            job.Error = error;
        }

        job.Pending--;
        Run(id);
    }
}
