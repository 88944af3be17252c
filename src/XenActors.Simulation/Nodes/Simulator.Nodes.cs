namespace XenActors.Simulation;

/// <summary>
/// One simulation on several nodes (<see cref="INodes"/>). Every node builds the same simulator and does the same with it between runs; each runs its own
/// partitions only. What the others' processes have come to is known here when <see cref="Mirror"/> has brought it.
/// </summary>
public sealed partial class Simulator
{
    private readonly List<Break> _breaks = [];
    private bool _started;

    // Of what runs elsewhere: states, rules and histories are known; what pends there, too.
    private bool _mirrored = true;
    private bool _whole = true;

    /// <summary>
    /// On several nodes: every run ends by bringing the states that it has changed to all nodes, for an experiment that reads them between its runs. Set before
    /// the first one. A snapshot still needs <see cref="Mirror"/>.
    /// </summary>
    public bool MirrorsAfterRuns
    {
        get;
        set
        {
            if (_started)
            {
                throw new SimulationException("whether runs mirror is decided before the first one");
            }

            field = value;
            foreach (var partition in _partitions)
            {
                partition.Touched = value && Engine.Shared is not null && partition.IsHere ? new TouchedActors(_processes.Length) : null;
            }
        }
    }

    /// <summary>How many messages have gone from one node to another so far.</summary>
    public long MessagesBetweenNodes => _partitions.Sum(p => p.Crossed);

    /// <summary>Whether other processes of the operating system share this simulation.</summary>
    public bool HasOtherNodes => Engine.Shared is not null;

    /// <summary>Whether this node runs the process: with one process of the operating system, always.</summary>
    public bool RunsHere(int process) => PartitionOf(Known(process)).IsHere;

    /// <summary>
    /// On several nodes: every process's state and what pends for it, as it is on the node that runs it, becomes known to all. Until the next run the whole
    /// simulation can be read, snapshotted and changed from outside on each of them. All nodes call it; it costs as much as a snapshot. With one process it
    /// does nothing.
    /// </summary>
    public void Mirror()
    {
        if (Engine.Shared is not { } shared || _whole)
        {
            return;
        }

        foreach (var partition in _partitions)
        {
            if (!partition.IsHere)
            {
                partition.ForgetPending();
            }
        }

        var pending = PendingByProcess();
        Bring(
            shared,
            static (_, _) => true,
            (_, i, buffer) => WriteProcess(i, pending[i], buffer),
            static (Partition partition, int i, TypeCatalog types, ref CodecReader reader) => partition.ReadProcess(i, types, ref reader));
        _whole = true;
    }

    // Only what has had events: between runs that are short most of a large machine has not.
    private void MirrorTouched()
    {
        if (Engine.Shared is { } shared && MirrorsAfterRuns && !_mirrored)
        {
            Bring(
                shared,
                static (partition, i) => partition.Touched!.Any(i),
                static (partition, i, buffer) => partition.WriteTouched(i, buffer),
                static (Partition partition, int i, TypeCatalog types, ref CodecReader reader) => partition.ReadTouched(i, types, ref reader));
        }
    }

    private delegate void ReadOne(Partition partition, int process, TypeCatalog types, ref CodecReader reader);

    private void Bring(NodesEngine shared, Func<Partition, int, bool> which, Action<Partition, int, CodecBuffer> write, ReadOne read)
    {
        var own = new CodecBuffer();
        var one = new CodecBuffer();
        for (var i = 0; i < _processes.Length; i++)
        {
            if (PartitionOf(i) is { IsHere: true } partition && which(partition, i))
            {
                one.Clear();
                write(partition, i, one);
                own.WriteUnsigned((ulong)i);
                own.WriteBytes(one.Written);
                WriteRemembered(_processes[i].Details, own);
            }
        }

        var all = shared.Nodes.Gather(own.Written);
        for (var node = 0; node < all.Length; node++)
        {
            var reader = new CodecReader(all[node]);
            while (node != shared.Nodes.Self && !reader.AtEnd)
            {
                var i = (int)reader.Unsigned((ulong)_processes.Length - 1);
                var process = new CodecReader(reader.Bytes());
                read(PartitionOf(i), i, shared.Types, ref process);
                ReadRemembered(_processes[i].Details, ref reader);
            }
        }

        foreach (var partition in _partitions)
        {
            partition.Touched?.Clear();
        }

        _mirrored = true;
    }

    // What observers want and what breaks have seen becomes known to all, so that each node tells its observers the whole.
    private void ShareSeen()
    {
        if (Engine.Shared is not { } shared || _partitions[0].Taps is null)
        {
            return;
        }

        var own = new CodecBuffer();
        foreach (var partition in _partitions)
        {
            if (partition.IsHere)
            {
                foreach (var condition in _breaks)
                {
                    own.WriteSigned(condition.FirstIn(partition.Index));
                }

                partition.Taps!.Write(own);
            }
        }

        var all = shared.Nodes.Gather(own.Written);
        for (var node = 0; node < all.Length; node++)
        {
            var reader = new CodecReader(all[node]);
            for (var i = node * shared.PartitionsPerNode; node != shared.Nodes.Self && i < (node + 1) * shared.PartitionsPerNode; i++)
            {
                foreach (var condition in _breaks)
                {
                    condition.Learn(i, reader.Signed());
                }

                _partitions[i].Taps!.Read(shared.Types, ref reader);
            }
        }
    }

    private Partition Home => Engine.Shared is { } shared ? _partitions[shared.Nodes.Self * shared.PartitionsPerNode] : _partitions[0];

    private void GreetNodes(EngineOptions options)
    {
        if (Engine.Shared is not { } shared)
        {
            return;
        }

        var own = new NodeGreeting(NodeGreeting.WireNow, options.Build, options.Scenario, Seed, shared.PartitionsPerNode, Layout());
        Compare(shared.Nodes, in own, static (NodeGreeting theirs, NodeGreeting first) => theirs.DifferenceFrom(in first));
    }

    private void BeginOnNodes(VirtualTime limit)
    {
        if (Engine.Shared is not { } shared)
        {
            return;
        }

        var own = new RunRequest(limit.Nanoseconds, Now.Nanoseconds, _processes[Outside].Sends, _started ? 0 : Check(Snapshot()));
        Compare(shared.Nodes, in own, static (RunRequest theirs, RunRequest first) => theirs.DifferenceFrom(in first));
        (_started, _mirrored, _whole) = (true, false, false);
        foreach (var partition in _partitions)
        {
            if (!partition.IsHere)
            {
                partition.ForgetPending();
            }
        }
    }

    private void EndOnNodes()
    {
        if (Engine.Shared is not { } shared)
        {
            return;
        }

        var buffer = new CodecBuffer();
        var sink = new ByteSink(buffer);
        foreach (var partition in _partitions)
        {
            if (partition.IsHere)
            {
                CodecOf.Encode(partition.Tell(FingerprintOf(partition), DeadLettersOf(partition), StatisticsOf(partition)), ref sink);
            }
        }

        var all = shared.Nodes.Gather(buffer.Written);
        for (var node = 0; node < all.Length; node++)
        {
            var reader = new CodecReader(all[node]);
            for (var i = 0; i < shared.PartitionsPerNode; i++)
            {
                var report = CodecOf.Decode<PartitionReport>(ref reader);
                if (node != shared.Nodes.Self)
                {
                    _partitions[(node * shared.PartitionsPerNode) + i].Believe(in report);
                }
            }
        }
    }

    // Every node comes to the same verdict: it compares all with the first.
    private static void Compare<T>(INodes nodes, in T own, Func<T, T, string?> difference)
        where T : ICodec<T>
    {
        var buffer = new CodecBuffer();
        var sink = new ByteSink(buffer);
        CodecOf.Encode(in own, ref sink);
        var all = nodes.Gather(buffer.Written);
        var first = CodecOf.Decode<T>(all[0]);
        for (var node = 1; node < all.Length; node++)
        {
            if (difference(CodecOf.Decode<T>(all[node]), first) is { } what)
            {
                throw new SimulationException($"{nodes.NameOf(node)} cannot run with {nodes.NameOf(0)}: it {what}") { OnAllNodes = true };
            }
        }
    }

    private ulong Layout()
    {
        var buffer = new CodecBuffer();
        buffer.WriteSigned(DefaultLatency);
        foreach (var owner in Owners)
        {
            buffer.WriteSigned(owner);
        }

        foreach (ref readonly var process in _processes.AsSpan())
        {
            buffer.WriteText(process.Details.Name);
            buffer.WriteSigned(process.Details.VcpuFreeAt.Length);
            foreach (var link in process.Details.Links)
            {
                buffer.WriteSigned(link.Destination);
                buffer.WriteSigned(link.Latency);
            }
        }

        return Check(buffer.Written);
    }

    private ulong FingerprintOf(Partition partition)
    {
        if (!partition.IsHere && !_mirrored)
        {
            return partition.Report.Fingerprint;
        }

        var sum = 0UL;
        for (var i = 0; i < _processes.Length; i++)
        {
            if (Owners[i] == partition.Index)
            {
                unchecked
                {
                    sum += StableHash.Mix(_processes[i].History ^ _processes[i].Sends); // Without order: addition modulo 2^64.
                }
            }
        }

        return sum;
    }

    private long DeadLettersOf(Partition partition)
    {
        if (!partition.IsHere && !_mirrored)
        {
            return partition.Report.DeadLetters;
        }

        var sum = 0L;
        for (var i = 0; i < _processes.Length; i++)
        {
            sum += Owners[i] == partition.Index ? _processes[i].Details.DeadLetters : 0;
        }

        return sum;
    }

    private void Mirrored()
    {
        (_mirrored, _whole) = (true, true);
        foreach (var partition in _partitions)
        {
            partition.Touched?.Clear();
        }
    }

    private void RequireMirror()
    {
        if (!_whole)
        {
            throw new SimulationException("what other nodes run is not known here: mirror it first");
        }
    }

    // A process whose state is known here.
    private int Seen(int process) => _mirrored || PartitionOf(Known(process)).IsHere
        ? Known(process)
        : throw new SimulationException($"{_processes[process].Details.Name} runs on {Engine.Shared!.Nodes.NameOf(Owners[process] / Engine.Shared.PartitionsPerNode)}: its state is not known here until it is mirrored");

    private void RefuseOnNodes(string what)
    {
        if (Engine.Shared is not null)
        {
            throw new SimulationException($"{what} sees one node's processes only: not possible on several nodes");
        }
    }
}
