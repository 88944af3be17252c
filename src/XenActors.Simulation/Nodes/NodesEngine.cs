// Threads are this engine's purpose; nothing that an actor sees depends on them.
#pragma warning disable RS0030
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace XenActors.Simulation;

/// <summary>
/// Several nodes with one or more partitions each. Partitions are numbered node by node. Inside a node threads exchange as on <see cref="ThreadsEngine"/>;
/// the caller's thread alone speaks with the other nodes, and between nodes messages travel as bytes (<see cref="NodeLane"/>).
/// </summary>
internal sealed class NodesEngine : IEngine
{
    private readonly INodes _nodes;
    private readonly int _here;
    private readonly long[] _values;
    private readonly SpinBarrier? _barrier;
    private readonly NodeLane[,] _lanes;
    private readonly CodecBuffer[,] _sections;
    private readonly CodecBuffer[] _outgoing;
    private readonly CodecBuffer[] _incoming;
    private Partition[] _running = [];
    private long _agreed;

    // What the exchange has told of the window that comes next, so that nobody need ask; null before a run's first one.
    private long? _next;
    private Exception? _broken;

    public NodesEngine(INodes nodes, int partitionsPerNode, TypeCatalog types)
    {
        (_nodes, _here, Types) = (nodes, partitionsPerNode, types);
        _values = new long[_here];
        _barrier = _here > 1 ? new SpinBarrier(_here) : null;
        _lanes = new NodeLane[_here, Partitions];
        _sections = new CodecBuffer[_here, Partitions];
        foreach (ref var lane in MemoryMarshal.CreateSpan(ref _lanes[0, 0], _lanes.Length))
        {
            lane = new NodeLane(types);
        }

        foreach (ref var section in MemoryMarshal.CreateSpan(ref _sections[0, 0], _sections.Length))
        {
            section = new CodecBuffer();
        }

        _outgoing = Buffers();
        _incoming = Buffers();
    }

    public int Partitions => _nodes.Count * _here;

    public int PartitionsPerNode => _here;

    public INodes Nodes => _nodes;

    public NodesEngine Shared => this;

    public TypeCatalog Types { get; }

    /// <summary>Conditions upon a count over all nodes; the same on every node.</summary>
    public List<NthBreak> Counted { get; } = [];

    public bool IsHere(int partition) => partition / _here == _nodes.Self;

    public long Minimum(int partition, long value)
    {
        if (_next is { } next)
        {
            return next;
        }

        if (_barrier is null)
        {
            return _nodes.Minimum(value);
        }

        _values[Local(partition)] = value;
        _barrier.Wait();
        if (Local(partition) == 0)
        {
            // What fails here fails the run, and the others must hear of it rather than wait for ever.
            try
            {
                _agreed = _nodes.Minimum(_values.Min());
            }
            catch (Exception cause)
            {
                (_agreed, _broken) = (-1, cause);
            }
        }

        _barrier.Wait();
        return _agreed;
    }

    public void Exchange(Partition partition)
    {
        var local = Local(partition.Index);
        _values[local] = partition.NextWindow();
        for (var to = 0; to < Partitions; to++)
        {
            if (!IsHere(to))
            {
                _sections[local, to].Clear();
                partition.Crossed += partition.OutboxTo(to).Events.Length;
                _lanes[local, to].Write(partition.OutboxTo(to), _sections[local, to]);
            }
        }

        _barrier?.Wait();
        foreach (var other in _running)
        {
            if (other != partition)
            {
                partition.TakeIn(other);
            }
        }

        if (local == 0)
        {
            try
            {
                ExchangeNodes();
            }
            catch (Exception cause) when (_barrier is not null)
            {
                (_next, _broken) = (-1, cause);
            }
        }

        _barrier?.Wait();
        if (_broken is null)
        {
            TakeInFromNodes(partition, local);
        }
    }

    public void Run(ReadOnlySpan<Partition> all)
    {
        _running = all.Slice(_nodes.Self * _here, _here).ToArray();
        Counted.RemoveAll(c => c.Removed || c.Hit);
        _next = null;
        var threads = new Thread[_here - 1];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(_running[i + 1].Loop) { IsBackground = true, Name = $"partition {_running[i + 1].Index}" };
            threads[i].Start();
        }

        _running[0].Loop();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        if (_broken is not null)
        {
            ExceptionDispatchInfo.Throw(_broken);
        }
    }

    // To each node what the window adds to the counts, 64 bits each; then all sections for its partitions, by receiver and then by sender, each with its
    // length before it.
    private void ExchangeNodes()
    {
        Span<long> told = stackalloc long[Counted.Count];
        for (var i = 0; i < told.Length; i++)
        {
            told[i] = Counted[i].Tell();
        }

        for (var node = 0; node < _nodes.Count; node++)
        {
            _outgoing[node].Clear();
            _incoming[node].Clear();
            if (node != _nodes.Self)
            {
                var counts = MemoryMarshal.AsBytes(told);
                counts.CopyTo(_outgoing[node].Extend(counts.Length));
                Compose(node, _outgoing[node]);
            }
        }

        _next = _nodes.Exchange(_outgoing, _incoming, _values.Min());
        CountAll();
    }

    private void CountAll()
    {
        for (var i = 0; i < Counted.Count; i++)
        {
            for (var node = 0; node < _nodes.Count; node++)
            {
                var batch = _incoming[node].Written;
                if (node != _nodes.Self && batch.Length >= CountBytes)
                {
                    Counted[i].Count(MemoryMarshal.Read<long>(batch[(i * sizeof(long))..]));
                }
            }

            // Every node comes to this, so each can tell it as its own partition's.
            if (Counted[i].Ends(_running[0].Index, new(_running[0].WindowEnd)))
            {
                _running[0].StopRequested = true;
                _next = -1;
            }
        }
    }

    private int CountBytes => Counted.Count * sizeof(long);

    private void Compose(int node, CodecBuffer batch)
    {
        var any = false;
        for (var to = node * _here; to < (node + 1) * _here; to++)
        {
            for (var from = 0; from < _here; from++)
            {
                any |= _sections[from, to].Length > 0;
            }
        }

        for (var to = node * _here; any && to < (node + 1) * _here; to++)
        {
            for (var from = 0; from < _here; from++)
            {
                var section = _sections[from, to].Written;
                MemoryMarshal.Write(batch.Extend(sizeof(int)), section.Length);
                section.CopyTo(batch.Extend(section.Length));
            }
        }
    }

    private void TakeInFromNodes(Partition partition, int local)
    {
        for (var node = 0; node < _nodes.Count; node++)
        {
            var batch = _incoming[node].Written;
            if (batch.Length <= CountBytes)
            {
                continue;
            }

            try
            {
                batch = batch[CountBytes..];
                for (var n = 0; n < _here * _here; n++)
                {
                    var length = MemoryMarshal.Read<int>(batch);
                    var section = batch.Slice(sizeof(int), length);
                    batch = batch[(sizeof(int) + length)..];
                    if (n / _here == local && length > 0)
                    {
                        _lanes[local, (node * _here) + (n % _here)].Read(section, partition);
                    }
                }
            }
            catch (Exception cause) when (cause is CodecException or ArgumentOutOfRangeException)
            {
                partition.Fail($"{_nodes.NameOf(node)} has sent what cannot be read: {cause.Message}", cause);
            }
        }
    }

    private int Local(int partition) => partition - (_nodes.Self * _here);

    private CodecBuffer[] Buffers()
    {
        var buffers = new CodecBuffer[_nodes.Count];
        for (var i = 0; i < buffers.Length; i++)
        {
            buffers[i] = new CodecBuffer();
        }

        return buffers;
    }
}
