using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace XenActors.Simulation;

/// <summary>
/// A set of logical processes that runs on one thread, window by window. Inside a window no process can affect another, so
/// each handles its own events in key order, one process after the other.
/// </summary>
internal sealed partial class Partition
{
    // More events of one process in one window than this go through a heap.
    private const int InsertionSortMax = 24;

    private readonly Simulator _simulator;
    private readonly IEngine _engine;
    private readonly LogicalProcess[] _processes;
    private readonly EventStore _store;
    private readonly EventHeap _own = new();
    private readonly List<Event> _deferred = [];
    private readonly int[] _firstOf;
    private int[] _nextOf = new int[EventStore.ChunkEvents];
    private int[] _active = new int[64];
    private int[] _order = new int[InsertionSortMax];
    private Event[] _windowSlab = [];
    private int _orderCount;
    private int _orderNext;
    private long _limit;
    private long _burst;
    private long _windowEnd;

    public Partition(Simulator simulator, int index, LogicalProcess[] processes, long lookahead)
    {
        _simulator = simulator;
        _engine = simulator.Engine;
        Index = index;
        _processes = processes;
        _store = new EventStore(lookahead);
        _firstOf = new int[processes.Length];
        Array.Fill(_firstOf, -1);
        Bodies = new MessagePools();
        _outboxes = new Outbox[_engine.Partitions];
        for (var i = 0; i < _outboxes.Length; i++)
        {
            _outboxes[i] = new Outbox();
        }

        IsHere = _engine.IsHere(index);
        _owners = _engine.Partitions == 1 ? null : simulator.Owners;
        _defaultLatency = simulator.DefaultLatency;
        Context = new ActorContext(this);
    }

    public int Index { get; }

    public MessagePools Bodies { get; }

    public ActorContext Context { get; }

    public PortTable Ports => _simulator.Ports;

    public long Handled { get; private set; }

    public long Windows { get; private set; }

    /// <summary>Those that had events.</summary>
    public long Busy { get; private set; }

    public long LastEventTime { get; private set; }

    /// <summary>The end of the last window that was run, the same on every partition.</summary>
    public long WindowEnd => _windowEnd;

    public SimulationException? Failure { get; private set; }

    /// <summary>When and where the failure was; the least of all partitions' failures is the one that is told.</summary>
    public (long Time, int Process) FailedAt { get; private set; }

    public bool StopRequested { get; set; }

    /// <summary>How many messages a process may handle in one window beside those that were there when it began.</summary>
    public long BurstMax { get; set; } = long.MaxValue;

    public void Prepare(long limit)
    {
        _limit = limit;
        StopRequested = false;
    }

    /// <summary>Before a restore: drops what is pending and what has gone wrong.</summary>
    public void Forget()
    {
        _store.Clear();
        _own.Clear();
        _deferred.Clear();
        Array.Fill(_firstOf, -1);
        foreach (var outbox in _outboxes)
        {
            outbox.Clear();
        }

        Bodies.Clear();
        Failure = null;
        StopRequested = false;
        LastEventTime = _windowEnd = 0;
        _report = NothingElsewhere;
    }

    /// <summary>Runs windows until all partitions have nothing left before the limit, or one of them asks to stop.</summary>
    public void Loop()
    {
        // A trace's text is the same in every country.
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            RunWindows();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private void RunWindows()
    {
        while (true)
        {
            var window = _engine.Minimum(Index, OwnWindow());
            if (window is -1 or long.MaxValue)
            {
                return;
            }

            foreach (var outbox in _outboxes)
            {
                outbox.Clear();
            }

            try
            {
                RunWindow(window);
            }
            catch (Exception failure)
            {
                // Thrown on by the simulator when every partition has stopped.
                var where = _engine.Shared is { Nodes: var nodes } ? $"{nodes.NameOf(nodes.Self)}: " : "";
                Failure ??= new SimulationException($"{where}the runtime failed at {Now} with seed {_simulator.Seed}: {failure.Message}", failure);
            }

            _engine.Exchange(this);
        }
    }

    // The first one for which something waits here; -1 to end the run.
    private long OwnWindow()
    {
        if (StopRequested || Failure is not null)
        {
            return -1;
        }

        var earliest = _store.EarliestWindow();
        return earliest != long.MaxValue && _store.AnyBefore(_limit, earliest) ? earliest : long.MaxValue;
    }

    private void RunWindow(long window)
    {
        // The last window of all would end beyond the last nanosecond.
        _windowEnd = window >= long.MaxValue >> _store.Shift ? _limit : Math.Min((window + 1) << _store.Shift, _limit);
        var chain = _store.Detach(window, out var lastCount);
        Windows++;
        if (chain < 0)
        {
            return;
        }

        Busy++;
        _windowSlab = _store.Slab;
        if (_nextOf.Length < _windowSlab.Length)
        {
            _nextOf = new int[_windowSlab.Length];
        }

        var events = 0;
        var active = GroupByProcess(chain, lastCount, ref events);
        if (_processes.Length >= PrefetchProcessesMin && Sse.IsSupported)
        {
            for (var i = -ProcessAhead; i < active; i++)
            {
                Prefetch(i, active);
                if (i >= 0)
                {
                    RunProcess(_active[i]);
                }
            }
        }
        else
        {
            for (var i = 0; i < active; i++)
            {
                RunProcess(_active[i]);
            }
        }

        _store.Free(chain, events);
        foreach (ref readonly var e in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_deferred))
        {
            _store.Add(in e);
        }

        _deferred.Clear();
        if (Taps is not null && _engine.Partitions == 1)
        {
            _simulator.FlushTaps();
        }

        if (_trace is not null && _engine.Partitions == 1)
        {
            _simulator.FlushTrace();
        }
    }

    // Threads each process's events together through _nextOf; returns how many processes have any.
    private int GroupByProcess(int chain, int lastCount, ref int events)
    {
        var slab = _windowSlab;
        var active = 0;
        for (var chunk = chain; chunk >= 0;)
        {
            var next = _store.NextChunk(chunk);
            var start = chunk * EventStore.ChunkEvents;
            var end = start + (next < 0 ? lastCount : EventStore.ChunkEvents);
            events += end - start;
            for (var i = start; i < end; i++)
            {
                ref readonly var e = ref slab[i];
                if (e.Time >= _limit)
                {
                    _deferred.Add(e);
                    continue;
                }

                ref var first = ref _firstOf[e.Process];
                if (first < 0)
                {
                    if (active == _active.Length)
                    {
                        Array.Resize(ref _active, active * 2);
                    }

                    _active[active++] = e.Process;
                }

                _nextOf[i] = first;
                first = i;
            }

            chunk = next;
        }

        return active;
    }

    private void RunProcess(int process)
    {
        var slab = _windowSlab;
        var i = _firstOf[process];
        _firstOf[process] = -1;
        _orderNext = 0;
        _orderCount = 0;
        _process = process;
        Touched?.Mark(process);
        _burst = 0;
        for (; i >= 0; i = _nextOf[i])
        {
            if (_orderCount == InsertionSortMax)
            {
                // Too many to sort by hand: the heap takes them, and what was sorted so far goes first by comparison.
                _own.Push(in slab[i]);
                continue;
            }

            var hole = _orderCount++;
            while (hole > 0 && Event.Before(in slab[i], in slab[_order[hole - 1]]))
            {
                _order[hole] = _order[hole - 1];
                hole--;
            }

            _order[hole] = i;
        }

        while (!Drain())
        {
        }
    }

    // False when a handler threw and its parent has decided: the rest of the window is still to be done.
    private bool Drain()
    {
        try
        {
            var slab = _windowSlab;
            while (true)
            {
                if (_orderNext < _orderCount)
                {
                    ref readonly var e = ref slab[_order[_orderNext]];
                    if (_own.Count == 0 || Event.Before(in e, in _own.Top))
                    {
                        _orderNext++;
                        Handle(in e);
                        continue;
                    }
                }
                else if (_own.Count == 0)
                {
                    return true;
                }

                _own.Pop(out var own);
                if (++_burst > BurstMax)
                {
                    (_now, _local) = (own.Time, own.Local);
                    throw new SimulationException($"no end of messages at one moment: more than {BurstMax} in one window");
                }

                Handle(in own);
            }
        }
        catch (Exception cause)
        {
            Recover(cause);
            return false;
        }
    }

    // False when nobody has decided: the run ends.
    private bool Recover(Exception cause)
    {
        try
        {
            if (cause is not SimulationException)
            {
                Supervise(cause);
                return true;
            }
        }
        catch (Exception failure)
        {
            cause = failure;
        }

        // The run ends with this window. The other processes finish it, so that every engine tells the same failure and leaves the same
        // history; this process does no more.
        if (Failure is null || (_now, _process).CompareTo(FailedAt) < 0)
        {
            FailedAt = (_now, _process);
            Failure = new SimulationException($"{PathOf(_process, _local)} failed at {Now} with seed {_simulator.Seed}: {cause.Message}", cause);
        }

        _own.Clear();
        _orderNext = _orderCount;
        return false;
    }
}
