namespace XenActors.Simulation;

/// <summary>A partition and its likeness on the other nodes.</summary>
internal sealed partial class Partition
{
    private static readonly PartitionReport NothingElsewhere = new() { EarliestTime = long.MaxValue };

    private PartitionReport _report = NothingElsewhere;

    /// <summary>False for a partition that another node runs: what lies in it is only what that node was last known to have.</summary>
    public bool IsHere { get; }

    public EventStore Store => _store;

    /// <summary>Messages that wait.</summary>
    public long Pending => _store.Count + _report.Pending;

    /// <summary>When the first of them arrives; the greatest number for none.</summary>
    public long EarliestTime => Math.Min(_store.EarliestTime(), _report.EarliestTime);

    /// <summary>What another node has told of it last.</summary>
    public ref readonly PartitionReport Report => ref _report;

    /// <summary>How many messages have gone from here to partitions of other nodes.</summary>
    public long Crossed { get; set; }

    public Outbox OutboxTo(int partition) => _outboxes[partition];

    /// <summary>Before an exchange: the first window for which something waits here, or will wait for what was sent from here.</summary>
    public long NextWindow()
    {
        var least = OwnWindow();
        if (least < 0)
        {
            return least;
        }

        foreach (var outbox in _outboxes)
        {
            foreach (ref readonly var e in outbox.Events)
            {
                least = e.Time < _limit ? Math.Min(least, e.Time >> _store.Shift) : least;
            }
        }

        return least;
    }

    /// <summary>A message from another node. Its body is in the event or comes next.</summary>
    /// <exception cref="CodecException">It is not for here, or comes too late.</exception>
    public void Arrive(ref Event e, MessageType type, ref CodecReader bodies)
    {
        if ((uint)e.Process >= (uint)_processes.Length || _owners![e.Process] != Index || e.SenderProcess >= _processes.Length || e.Local < 0
            || (e.Flags & ~Event.Judged) != 0)
        {
            throw new CodecException($"{type.Name} for {e.Process}:{e.Local} from process {e.SenderProcess}");
        }

        if (e.Time < _windowEnd)
        {
            throw new CodecException($"{type.Name} arrives at {new VirtualTime(e.Time)}, and everything before {new VirtualTime(_windowEnd)} has happened");
        }

        if (!type.Inline)
        {
            e.Payload = type.Decode(Bodies, ref bodies);
        }

        _store.Add(in e);
    }

    /// <summary>The run ends: not by an actor's fault.</summary>
    public void Fail(string reason, Exception cause)
    {
        FailedAt = (_now, _process);
        Failure ??= new SimulationException(reason, cause);
    }

    public PartitionReport Tell(ulong fingerprint, long deadLetters, in PartitionStatistics statistics) => new(
        Handled, LastEventTime, _store.Count, _store.EarliestTime(), StopRequested, Failure?.Message, FailedAt.Time, FailedAt.Process, Crossed, fingerprint, deadLetters,
        statistics.Windows, statistics.Busy, statistics.Running.Ticks, statistics.Exchanging.Ticks);

    public void Believe(in PartitionReport report)
    {
        _report = report;
        Handled = report.Handled;
        LastEventTime = report.LastEventTime;
        Crossed = report.Crossed;
        StopRequested = report.Stopped;
        FailedAt = (report.FailedTime, report.FailedProcess);
        Failure = report.Failure is null ? null : new SimulationException(report.Failure);
    }

    /// <summary>After a restore: how far the run had come that is continued.</summary>
    public void Continue(long handled, long lastEventTime) => (Handled, LastEventTime) = (handled, lastEventTime);

    /// <summary>Before a run and before a mirror: what pends here is another node's.</summary>
    public void ForgetPending()
    {
        _store.Clear();
        Bodies.Clear();
        _report = _report with { Pending = 0, EarliestTime = long.MaxValue };
    }
}
