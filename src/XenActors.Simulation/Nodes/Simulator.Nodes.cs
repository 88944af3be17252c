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
        var own = new CodecBuffer();
        WriteProcesses(own, static (_, _) => true, (_, i, buffer) => WriteProcess(i, pending[i], buffer));
        foreach (var (_, bytes) in Others(shared, own.Written))
        {
            ReadProcesses(shared, bytes, static (Partition partition, int i, TypeCatalog types, ref CodecReader reader) => partition.ReadProcess(i, types, ref reader));
        }

        Mirrored();
    }

    private delegate void ReadOne(Partition partition, int process, TypeCatalog types, ref CodecReader reader);

    private void WriteProcesses(CodecBuffer to, Func<Partition, int, bool> which, Action<Partition, int, CodecBuffer> write)
    {
        var one = new CodecBuffer();
        for (var i = 0; i < _processes.Length; i++)
        {
            if (PartitionOf(i) is { IsHere: true } partition && which(partition, i))
            {
                one.Clear();
                write(partition, i, one);
                to.WriteUnsigned((ulong)i);
                to.WriteBytes(one.Written);
                WriteRemembered(_processes[i].Details, to);
            }
        }
    }

    private void ReadProcesses(NodesEngine shared, byte[] bytes, ReadOne read)
    {
        var reader = new CodecReader(bytes);
        while (!reader.AtEnd)
        {
            var i = (int)reader.Unsigned((ulong)_processes.Length - 1);
            var process = new CodecReader(reader.Bytes());
            read(PartitionOf(i), i, shared.Types, ref process);
            ReadRemembered(_processes[i].Details, ref reader);
        }
    }

    private static IEnumerable<(int Node, byte[] Bytes)> Others(NodesEngine shared, ReadOnlySpan<byte> own) =>
        shared.Nodes.Gather(own).Select(static (bytes, node) => (node, bytes)).Where(o => o.node != shared.Nodes.Self);

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

    // What a run has come to, in one round: the partitions' reports; the states that have changed, if an experiment reads them; what observers want and breaks have
    // seen, so that each node tells its observers the whole.
    private void EndOnNodes()
    {
        if (Engine.Shared is not { } shared)
        {
            return;
        }

        var own = new CodecBuffer();
        var section = new CodecBuffer();
        WriteReports(section);
        own.WriteBytes(section.Written);
        section.Clear();
        if (MirrorsAfterRuns)
        {
            WriteProcesses(section, static (partition, i) => partition.Touched!.Any(i), static (partition, i, buffer) => partition.WriteTouched(i, buffer));
        }

        own.WriteBytes(section.Written);
        section.Clear();
        WriteSeen(section);
        own.WriteBytes(section.Written);
        foreach (var (node, bytes) in Others(shared, own.Written))
        {
            var reader = new CodecReader(bytes);
            ReadReports(shared, node, reader.Bytes());
            ReadProcesses(shared, reader.Bytes(), static (Partition partition, int i, TypeCatalog types, ref CodecReader from) => partition.ReadTouched(i, types, ref from));
            ReadSeen(shared, node, reader.Bytes());
        }

        if (MirrorsAfterRuns)
        {
            _mirrored = true;
            ForgetTouched();
        }
    }

    private void WriteReports(CodecBuffer to)
    {
        var sink = new ByteSink(to);
        foreach (var partition in _partitions)
        {
            if (partition.IsHere)
            {
                CodecOf.Encode(partition.Tell(FingerprintOf(partition), DeadLettersOf(partition), StatisticsOf(partition)), ref sink);
            }
        }
    }

    private void ReadReports(NodesEngine shared, int node, byte[] bytes)
    {
        var reader = new CodecReader(bytes);
        for (var i = 0; i < shared.PartitionsPerNode; i++)
        {
            var report = CodecOf.Decode<PartitionReport>(ref reader);
            _partitions[(node * shared.PartitionsPerNode) + i].Believe(in report);
        }
    }

    private void WriteSeen(CodecBuffer to)
    {
        foreach (var partition in _partitions)
        {
            if (partition is { IsHere: true, Taps: { } taps })
            {
                foreach (var condition in _breaks)
                {
                    to.WriteSigned(condition.FirstIn(partition.Index));
                }

                taps.Write(to);
            }
        }
    }

    private void ReadSeen(NodesEngine shared, int node, byte[] bytes)
    {
        var reader = new CodecReader(bytes);
        for (var i = node * shared.PartitionsPerNode; !reader.AtEnd && i < (node + 1) * shared.PartitionsPerNode; i++)
        {
            foreach (var condition in _breaks)
            {
                condition.Learn(i, reader.Signed());
            }

            _partitions[i].Taps!.Read(shared.Types, ref reader);
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
        ForgetTouched();
    }

    private void ForgetTouched()
    {
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
