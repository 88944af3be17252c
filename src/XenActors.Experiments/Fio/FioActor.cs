using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>The job's runtime is over.</summary>
[Codec]
public readonly partial record struct FioTimeOver;

/// <summary>
/// One process of a fio job, inside a guest: a user of its block layer. Keeps as many transfers out as the job's iodepth, and measures each. What it
/// does next is in <c>FioActor.Next.cs</c>.
/// </summary>
public sealed partial class FioActor : Actor<FioState>
{
    private const int SectorSize = 512;
    private const long SyncCookie = -1;

    private FioJob Job => State.Job;

    protected override void PreStart()
    {
        var flags = BlockOpenFlags.Wait | (Job.Direct ? BlockOpenFlags.Direct : 0) | (Job.Writes || Job.Trims ? 0 : BlockOpenFlags.ReadOnly);
        Context.Tell(State.Block, new BlockOpen(Job.Filename, flags, 0));
    }

    public void On(in BlockOpened m)
    {
        if (m.Error != BlockErrno.None)
        {
            End(m.Error);
            return;
        }

        (State.Handle, State.Geometry, State.Started) = (m.Handle, m.Geometry, Context.Now);
        if (!Lay())
        {
            End(BlockErrno.EINVAL);
            return;
        }

        if (Job.Invalidate)
        {
            Context.Tell(State.Block, new DropCaches(0));
        }
        else
        {
            Begin();
        }
    }

    public void On(in CachesDropped m)
    {
        State.Started = Context.Now;
        Begin();
    }

    private void Begin()
    {
        State.Phase = FioPhase.Running;
        if (Job.Runtime > VirtualDuration.Zero)
        {
            Context.StartTimer(new FioTimeOver(), Job.Runtime);
        }

        Fill();
    }

    public void On(in FioTimeOver m)
    {
        State.TimeOver = true;
        Fill();
    }

    public void On(in BlockIoDone m)
    {
        if (m.Cookie == SyncCookie)
        {
            Synced(m.Error);
            return;
        }

        var transfer = State.Out[(int)m.Cookie];
        State.Out[(int)m.Cookie] = default;
        State.Free.Add((int)m.Cookie);
        State.OutCount--;
        if (m.Error != BlockErrno.None)
        {
            State.Error = m.Error;
        }
        else if (State.Phase == FioPhase.Verifying)
        {
            Verified(in transfer, m.Data);
        }
        else
        {
            Measured(in transfer, m.Data);
        }

        Fill();
    }

    public void On(in BlockChanged m) => State.Error = m.Geometry.Sectors == 0 ? BlockErrno.ENXIO : State.Error;

    private void Measured(in FioTransfer transfer, byte[] data)
    {
        var direction = transfer.Trim ? State.Trims : transfer.Write ? State.Writes : State.Reads;
        direction.Add(transfer.Submission, Context.Now - transfer.Issued, transfer.Bytes, Context.Now - State.Started);
        if (State.Ledger is not { } ledger || transfer.Trim)
        {
            return;
        }

        var sector = (ulong)(transfer.At / SectorSize);
        if (transfer.Write)
        {
            ledger.WriteAnswered(sector, transfer.Bytes / SectorSize, transfer.Number);
        }
        else
        {
            State.Findings.Judge(ledger, sector, data, transfer.Least);
        }
    }

    private void Sync()
    {
        State.Syncing = true;
        (State.WritesSinceSync, State.SyncDue) = (0, false);
        State.SyncIssued = Context.Now;
        State.SyncCovers = State.Ledger?.Answers ?? 0;
        Context.Work(State.SubmitCost);
        Context.Tell(State.Block, new BlockIo(State.Handle, BlockIoOperation.Sync, BlockIoFlags.None, 0, 0, [], SyncCookie));
    }

    private void Synced(BlockErrno error)
    {
        State.Syncing = false;
        if (error != BlockErrno.None)
        {
            State.Error = error;
        }
        else
        {
            State.Syncs.Add(Context.Now - State.SyncIssued);
            State.Ledger?.Synced(State.SyncCovers);
        }

        Fill();
    }

    private void End(BlockErrno error)
    {
        if (error != BlockErrno.None)
        {
            State.Error = error;
        }

        State.Phase = FioPhase.Done;
        State.Ended = State.Ended == VirtualTime.Zero ? Context.Now : State.Ended;
        if (State.Handle != 0)
        {
            Context.Tell(State.Block, new BlockClose(State.Handle));
        }
    }
}
