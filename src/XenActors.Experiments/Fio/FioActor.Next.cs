using System.Numerics;
using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>What a job does next: where, how much, and when it has done enough.</summary>
public sealed partial class FioActor
{
    private bool Over => State.TimeOver || State.Error != BlockErrno.None || (Job.NumberIos > 0 && State.Issued >= Job.NumberIos)
        || (!Job.TimeBased && State.IssuedBytes >= State.Length);

    // The region; jobs that stamp have one each.
    private bool Lay()
    {
        var device = (long)State.Geometry.Sectors * SectorSize;
        var size = Job.Size > 0 ? Job.Size : device - Job.Offset;
        var block = Job.BlockSizeMin;
        if (Job.Verify && Job.NumJobs > 1)
        {
            size = size / Job.NumJobs / block * block;
        }

        State.Begin = Job.Offset + (Job.Verify ? size * State.Number : 0);
        State.Length = size / block * block;
        if (State.Length < Job.BlockSizeLargest || State.Begin + State.Length > device)
        {
            return false;
        }

        if (Job.Random && !Job.NoRandomMap && Job.BlockSizeMin == Job.BlockSizeLargest)
        {
            State.Map = new ulong[(State.Length / block / 64) + 1];
        }

        if (Job.Verify)
        {
            State.Ledger = StampLedger.Create(State.Domain, (ushort)State.Number, (ulong)(State.Begin / SectorSize), (ulong)(State.Length / SectorSize));
        }

        return true;
    }

    // As many transfers as the job keeps out; when it is over, what comes after it.
    private void Fill()
    {
        while (State.Phase == FioPhase.Running && !State.Syncing)
        {
            if (State.SyncDue)
            {
                // One at a time: the write comes first. Many: the sync goes beside them.
                if (Job.IoDepth == 1 && State.OutCount > 0)
                {
                    return;
                }

                Sync();
            }
            else if (Over)
            {
                State.Phase = FioPhase.Draining;
            }
            else if (State.OutCount >= Job.IoDepth)
            {
                return;
            }
            else if (!Issue())
            {
                return;
            }
        }

        if (State.Phase == FioPhase.Draining && State.OutCount == 0 && !State.Syncing)
        {
            State.Ended = Context.Now;
            State.Phase = FioPhase.EndSync;
            if (Job is { Writes: true, EndFsync: true } && State.Error == BlockErrno.None)
            {
                Sync();
            }
        }

        if (State.Phase == FioPhase.EndSync && !State.Syncing)
        {
            State.Phase = FioPhase.Verifying;
        }

        if (State.Phase == FioPhase.Verifying)
        {
            VerifyOn();
        }
    }

    // False when the next write must wait for one that is out: two writes to one place may reach it in any order.
    private bool Issue()
    {
        if (Job.Trims)
        {
            Trim();
            return true;
        }

        var write = State.Held is not null || (Job.Writes && (!Job.Reads || Context.Random.Next(100) >= Job.ReadPercent));
        var bytes = State.Held?.Bytes ?? PickSize();
        var at = State.Held?.At ?? (Job.Random ? PickRandom(ref bytes) : PickNext(write ? State.Writes : State.Reads, ref bytes));
        State.Held = null;
        if (write && State.Ledger is not null && Overlaps(State.Begin + at, bytes))
        {
            State.Held = new(at, bytes);
            return false;
        }

        var sector = (ulong)((State.Begin + at) / SectorSize);
        byte[] data = [];
        var number = 0L;
        if (write)
        {
            data = State.Ledger is { } ledger ? ledger.Stamp(sector, bytes / SectorSize, out number) : new byte[bytes];
        }

        State.Issued++;
        State.IssuedBytes += bytes;
        Send(write, again: false, State.Begin + at, bytes, data, number);
        State.Depths[Math.Min(6, BitOperations.Log2((uint)State.OutCount))]++;
        if (write && Job.Fsync > 0 && ++State.WritesSinceSync >= Job.Fsync)
        {
            State.SyncDue = true;
        }

        return true;
    }

    // One at a time, as the ioctl is: the next goes out beside it all the same, as from several threads.
    private void Trim()
    {
        var bytes = PickSize();
        var at = State.Begin + (Job.Random ? PickRandom(ref bytes) : PickNext(State.Trims, ref bytes));
        State.Issued++;
        State.IssuedBytes += bytes;
        var operation = Job.TrimMode switch
        {
            FioTrimMode.Secure => BlockIoOperation.SecureDiscard,
            FioTrimMode.Zeroes => BlockIoOperation.WriteZeroes,
            _ => BlockIoOperation.Discard,
        };
        Send(operation, new(false, false, at, bytes, Context.Now, State.SubmitCost, 0) { Trim = true }, []);
        State.Depths[Math.Min(6, BitOperations.Log2((uint)State.OutCount))]++;
    }

    private bool Overlaps(long at, int bytes)
    {
        foreach (var other in State.Out)
        {
            if (other.Write && other.At < at + bytes && at < other.At + other.Bytes)
            {
                return true;
            }
        }

        return false;
    }

    private void Send(bool write, bool again, long at, int bytes, byte[] data, long number) => Send(
        write ? BlockIoOperation.Write : BlockIoOperation.Read, new(write, again, at, bytes, Context.Now, State.SubmitCost, number) { Least = write ? null : Least(at, bytes) }, data);

    private void Send(BlockIoOperation operation, in FioTransfer transfer, byte[] data)
    {
        int slot;
        if (State.Free.Count > 0)
        {
            slot = State.Free[^1];
            State.Free.RemoveAt(State.Free.Count - 1);
        }
        else
        {
            slot = State.Out.Count;
            State.Out.Add(default);
        }

        State.Out[slot] = transfer;
        State.OutCount++;
        Context.Work(State.SubmitCost);
        Context.Tell(State.Block, new BlockIo(
            State.Handle, operation, transfer.Write && Job.Dsync ? BlockIoFlags.Dsync : BlockIoFlags.None, (ulong)(transfer.At / SectorSize),
            (uint)(transfer.Bytes / SectorSize), data, slot));
    }

    private long[]? Least(long at, int bytes)
    {
        if (State.Ledger is not { } ledger)
        {
            return null;
        }

        var least = new long[bytes / SectorSize];
        for (var i = 0; i < least.Length; i++)
        {
            least[i] = ledger.Expected((ulong)((at / SectorSize) + i));
        }

        return least;
    }

    private int PickSize()
    {
        var sizes = Job.BlockSizes;
        if (Job.BlockSizeMax > 0)
        {
            return (int)Context.Random.NextBetween(1, Job.BlockSizeMax / sizes[0].Bytes) * sizes[0].Bytes;
        }

        if (sizes.Count == 1)
        {
            return sizes[0].Bytes;
        }

        var draw = Context.Random.Next(100);
        foreach (var size in sizes)
        {
            draw -= size.Percent;
            if (draw < 0)
            {
                return size.Bytes;
            }
        }

        return sizes[^1].Bytes;
    }

    private long PickNext(FioDirection direction, ref int bytes)
    {
        if (direction.Next >= State.Length)
        {
            direction.Next = 0;
        }

        bytes = (int)Math.Min(bytes, State.Length - direction.Next);
        var at = direction.Next;
        direction.Next += bytes;
        return at;
    }

    private long PickRandom(ref int bytes)
    {
        var block = Job.BlockSizeMin;
        var blocks = State.Length / block;
        var index = Context.Random.Next(blocks);
        if (State.Map.Length > 0)
        {
            if (State.MapUsed == blocks)
            {
                Array.Clear(State.Map);
                State.MapUsed = 0;
            }

            index = FreeFrom(index, blocks);
            State.Map[index / 64] |= 1UL << (int)(index % 64);
            State.MapUsed++;
        }

        var at = index * block;
        bytes = (int)Math.Min(bytes, State.Length - at);
        return at;
    }

    // The first block from here on, round the end, that was not hit.
    private long FreeFrom(long index, long blocks)
    {
        for (var word = index / 64; ; word = word + 1 < State.Map.Length ? word + 1 : 0)
        {
            var free = ~State.Map[word];
            if (word == index / 64)
            {
                free &= ulong.MaxValue << (int)(index % 64);
            }

            if (free != 0 && (word * 64) + BitOperations.TrailingZeroCount(free) is var found && found < blocks)
            {
                return found;
            }

            if (word == State.Map.Length - 1)
            {
                index = 0;
            }
        }
    }

    // Reads again what was written, in the device's order.
    private void VerifyOn()
    {
        var ledger = State.Ledger;
        var wanted = Job is { Writes: true, DoVerify: true } && ledger is not null && State.Error == BlockErrno.None;
        while (wanted && State.OutCount < Job.IoDepth && State.VerifyNext < State.Length)
        {
            var bytes = (int)Math.Min(Job.BlockSizeLargest, State.Length - State.VerifyNext);
            var at = State.Begin + State.VerifyNext;
            State.VerifyNext += bytes;
            if (Written(at, bytes))
            {
                Send(write: false, again: false, at, bytes, [], 0);
            }
        }

        if (State.OutCount == 0)
        {
            End(BlockErrno.None);
        }
    }

    private bool Written(long at, int bytes)
    {
        for (var sector = (ulong)(at / SectorSize); sector < (ulong)((at + bytes) / SectorSize); sector++)
        {
            if (State.Ledger!.Expected(sector) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Verified(in FioTransfer transfer, byte[] data)
    {
        var ledger = State.Ledger!;
        var sector = (ulong)(transfer.At / SectorSize);
        var least = transfer.Least!;
        var findings = new StampFindings();
        findings.Judge(ledger, sector, data, least);
        if (!transfer.Again)
        {
            if (findings.Bad == 0)
            {
                State.Findings.Checked += findings.Checked;
                return;
            }

            // Once more: what was only read wrongly is stale, and not lost.
            State.Suspects[transfer.At] = data;
            Send(write: false, again: true, transfer.At, transfer.Bytes, [], 0);
            return;
        }

        State.Suspects.Remove(transfer.At, out var first);
        if (findings.Bad > 0)
        {
            State.Findings.Judge(ledger, sector, data, least);
            return;
        }

        State.Findings.Checked += findings.Checked;
        for (var i = 0; i < least.Length; i++)
        {
            if (ledger.Check(sector + (ulong)i, first!.AsSpan(i * SectorSize, SectorSize), least[i], out var found) != StampVerdict.Good)
            {
                State.Findings.Add(StampVerdict.Stale, sector + (ulong)i, least[i], found);
            }
        }
    }
}
