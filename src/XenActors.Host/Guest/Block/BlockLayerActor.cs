using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>
/// A kernel's block layer above all its disks: users open devices and read, write and sync them; drivers get requests within their limits. What the
/// disk is behind, IDE or a ring, does not show here.
/// </summary>
public sealed partial class BlockLayerActor : Actor<BlockLayerState>
{
    private const int SectorSize = 512;

    // From the kernel: disks come, change, and go.
    public void On(in DiskAppeared m)
    {
        if (State.Queue(m.Name) is { } known)
        {
            if (known.Driver == m.Driver)
            {
                known.Limits = m.Limits;
                Resize(known, m.Sectors);
                return;
            }

            Remove(known);
        }

        State.Queues.Add(new DiskQueue
        {
            Name = m.Name,
            Index = State.Queues.Count,
            Driver = m.Driver,
            Limits = m.Limits,
            Sectors = m.Sectors,
            ReadOnly = m.ReadOnly,
        });
        OpenWaiting();
    }

    public void On(in DiskChanged m)
    {
        if (State.Queue(m.Name) is { } known)
        {
            known.Limits = m.Limits;
            if (m.OtherMedium)
            {
                known.Cache.DropClean();
            }

            Resize(known, m.Sectors);
        }
    }

    public void On(in PartitionsFound m)
    {
        if (State.Queue(m.Disk) is { } queue)
        {
            queue.Partitions = m.Partitions;
            OpenWaiting();
        }
    }

    public void On(in DiskGone m)
    {
        if (State.Queue(m.Name) is { } queue)
        {
            Remove(queue);
        }
    }

    // From users.
    public void On(in BlockOpen m)
    {
        if (!Open(Sender, in m))
        {
            if (m.Flags.HasFlag(BlockOpenFlags.Wait))
            {
                State.WaitingOpens.Add(new(Sender, m));
            }
            else
            {
                Context.Tell(Sender, new BlockOpened(m.Cookie, BlockErrno.ENXIO, 0, default));
            }
        }
    }

    public void On(in BlockClose m)
    {
        if (State.Handles.TryGetValue(m.Handle, out var handle) && handle.User == Sender)
        {
            State.Handles.Remove(m.Handle);
            Released(handle.Disk);
        }
    }

    public void On(in AskDiskUse m)
    {
        var name = m.Name;
        var open = State.Queues.Find(q => q.Name == name && !q.Gone) is { } queue && IsOpen(queue.Index);
        if (open)
        {
            State.UseAsked.Add(m);
        }

        Context.Tell(m.Driver, new DiskUse(open));
    }

    private bool IsOpen(int disk)
    {
        foreach (var handle in State.Handles.Values)
        {
            if (handle.Disk == disk)
            {
                return true;
            }
        }

        return false;
    }

    private void Released(int disk)
    {
        for (var i = State.UseAsked.Count - 1; i >= 0 && !IsOpen(disk); i--)
        {
            if (State.UseAsked[i] is var asked && asked.Name == State.Queues[disk].Name)
            {
                State.UseAsked.RemoveAt(i);
                Context.Tell(asked.Driver, new DiskUse(false));
            }
        }
    }

    public void On(in BlockIo m)
    {
        var error = Check(in m, out var handle);
        if (error != BlockErrno.None)
        {
            Context.Tell(Sender, new BlockIoDone(m.Cookie, error, []));
            return;
        }

        if (m.Count == 0 && m.Operation != BlockIoOperation.Sync)
        {
            Context.Tell(Sender, new BlockIoDone(m.Cookie, BlockErrno.None, []));
            return;
        }

        Run(State.Add(new BlockJob
        {
            Kind = BlockJobKind.User,
            Disk = handle!.Disk,
            Operation = m.Operation,
            Direct = (handle.Flags & BlockOpenFlags.Direct) != 0,
            Dsync = (m.Flags & BlockIoFlags.Dsync) != 0,
            Sector = handle.Start + m.Sector,
            Count = m.Count,
            Data = m.Data,
            Asker = Sender,
            Cookie = m.Cookie,
            Handle = m.Handle,
        }));
    }

    public void On(in BlockSyncAll m)
    {
        var all = new SyncAll { User = Sender, Cookie = m.Cookie, Pending = 1 };
        var number = State.NextSyncAll++;
        State.SyncAlls.Add(number, all);
        foreach (var queue in State.Queues)
        {
            if (!queue.Gone && !queue.ReadOnly && queue.Sectors > 0)
            {
                all.Pending++;
                Run(State.Add(new BlockJob { Kind = BlockJobKind.User, Disk = queue.Index, Operation = BlockIoOperation.Sync, SyncAll = number }));
            }
        }

        EndSyncAll(number);
    }

    public void On(in DropCaches m)
    {
        long pages = 0;
        foreach (var queue in State.Queues)
        {
            pages += queue.Cache.DropClean();
        }

        Context.Tell(Sender, new CachesDropped(m.Cookie, pages));
    }

    private BlockErrno Check(in BlockIo m, out BlockHandle? handle)
    {
        if (!State.Handles.TryGetValue(m.Handle, out handle) || handle.User != Sender)
        {
            return BlockErrno.EBADF;
        }

        var queue = State.Queues[handle.Disk];
        if (queue.Gone)
        {
            return BlockErrno.ENXIO;
        }

        if (m.Operation == BlockIoOperation.Sync)
        {
            return BlockErrno.None;
        }

        var changes = m.Operation != BlockIoOperation.Read;
        if (changes && (handle.Flags & BlockOpenFlags.ReadOnly) != 0)
        {
            return BlockErrno.EBADF;
        }

        if (m.Sector > handle.Sectors || m.Count > handle.Sectors - m.Sector)
        {
            return changes ? BlockErrno.ENOSPC : BlockErrno.EINVAL;
        }

        if (changes && queue.ReadOnly)
        {
            return BlockErrno.EPERM;
        }

        var block = queue.Limits.LogicalBlockSize / SectorSize;
        var raw = (handle.Flags & BlockOpenFlags.Direct) != 0 || m.Operation is not (BlockIoOperation.Read or BlockIoOperation.Write);
        if (m.Data.Length != (m.Operation == BlockIoOperation.Write ? m.Count * (long)SectorSize : 0)
            || (raw && block > 1 && ((handle.Start + m.Sector) % block != 0 || m.Count % block != 0)))
        {
            return BlockErrno.EINVAL;
        }

        return m.Operation switch
        {
            BlockIoOperation.Discard when queue.Limits.DiscardGranularity == 0 => BlockErrno.EOPNOTSUPP,
            BlockIoOperation.SecureDiscard when !queue.Limits.SecureErase => BlockErrno.EOPNOTSUPP,
            _ => BlockErrno.None,
        };
    }

    private void OpenWaiting()
    {
        for (var i = 0; i < State.WaitingOpens.Count; i++)
        {
            var waiting = State.WaitingOpens[i];
            if (Open(waiting.User, waiting.Open))
            {
                State.WaitingOpens.RemoveAt(i--);
            }
        }
    }

    // False when there is no such device.
    private bool Open(ActorRef user, in BlockOpen m)
    {
        foreach (var queue in State.Queues)
        {
            if (queue.Gone || !m.Device.StartsWith(queue.Name, StringComparison.Ordinal))
            {
                continue;
            }

            if (m.Device == queue.Name)
            {
                Opened(user, in m, queue, 0, 0, queue.Sectors);
                return true;
            }

            foreach (var partition in queue.Partitions)
            {
                if (m.Device == GuestDisk.NameOf(queue.Name, partition.Number))
                {
                    Opened(user, in m, queue, partition.Number, partition.Start, partition.Sectors);
                    return true;
                }
            }
        }

        return false;
    }

    private void Opened(ActorRef user, in BlockOpen m, DiskQueue queue, int partition, ulong start, ulong sectors)
    {
        if (sectors == 0)
        {
            Context.Tell(user, new BlockOpened(m.Cookie, BlockErrno.ENOMEDIUM, 0, default));
            return;
        }

        var number = State.NextHandle++;
        State.Handles.Add(number, new BlockHandle
        {
            User = user,
            Device = m.Device,
            Flags = m.Flags,
            Disk = queue.Index,
            Partition = partition,
            Start = start,
            Sectors = sectors,
            ErrorsSeen = queue.WriteErrors,
        });
        Context.Note(new BlockHandleOpened(number, queue.Index, queue.Driver, start, (m.Flags & BlockOpenFlags.Direct) != 0));
        Context.Tell(user, new BlockOpened(m.Cookie, BlockErrno.None, number, queue.Geometry(sectors)));
    }

    private void Resize(DiskQueue queue, ulong sectors)
    {
        if (queue.Sectors == sectors)
        {
            return;
        }

        if (sectors < queue.Sectors)
        {
            queue.Cache.Drop(sectors, queue.Sectors);
        }

        queue.Sectors = sectors;
        foreach (var (number, handle) in State.Handles)
        {
            if (handle.Disk == queue.Index && handle.Partition == 0)
            {
                handle.Sectors = sectors;
                Context.Tell(handle.User, new BlockChanged(number, queue.Geometry(sectors)));
            }
        }
    }

    // What is under way and what waits fails; what is dirty is lost.
    private void Remove(DiskQueue queue)
    {
        queue.Gone = true;
        foreach (var (number, handle) in State.Handles)
        {
            if (handle.Disk == queue.Index)
            {
                Context.Tell(handle.User, new BlockChanged(number, queue.Geometry(0)));
            }
        }

        queue.Cache.Drop(0, queue.Sectors + PageCache.SectorsPerPage);
        while (queue.TakeAll() is { Count: > 0 } lost)
        {
            foreach (var request in lost)
            {
                End(queue, request, BlockStatus.IoError, []);
            }
        }
    }
}
