namespace XenActors.Simulation;

/// <summary>
/// Snapshots. A snapshot is taken between runs and restored into a simulator that was built the same way (same seed, processes,
/// links, rules), in any process and with any engine; the run then goes on as if nothing had happened.
/// </summary>
public sealed partial class Simulator
{
    private const ulong Magic = 0x3150414E53415858; // "XXASNAP1"

    /// <summary>The whole simulation.</summary>
    /// <exception cref="SimulationException">The run has failed: what was pending then is lost.</exception>
    public byte[] Snapshot()
    {
        RequireWhole();
        var buffer = new CodecBuffer();
        WriteHead(buffer);
        var pending = PendingByProcess();
        for (var i = 0; i < _processes.Length; i++)
        {
            WriteProcess(i, pending[i], buffer);
        }

        return Seal(buffer.Written);
    }

    /// <summary>One logical process's whole state: random stream, history, actors, timers, pending messages.</summary>
    public byte[] SnapshotProcess(int process)
    {
        RequireWhole();
        var all = new List<Event>();
        PartitionOf(Known(process)).Store.CopyTo(all);
        all.RemoveAll(e => e.Process != process);
        var buffer = new CodecBuffer();
        WriteProcess(process, all, buffer);
        return buffer.ToArray();
    }

    /// <summary>Continues from a snapshot. What this simulator has done before is forgotten.</summary>
    /// <param name="snapshot">From <see cref="Snapshot"/>.</param>
    /// <param name="types">Where actor and message types are looked up by name.</param>
    /// <exception cref="CodecException">The bytes are no snapshot of such a simulation. It can then only be restored again.</exception>
    public void Restore(ReadOnlySpan<byte> snapshot, TypeCatalog types)
    {
        var body = Unseal(snapshot);
        _halfRestored = true;
        try
        {
            Read(body, types);
        }
        catch (Exception cause) when (cause is OverflowException or ArgumentException or SimulationException)
        {
            throw new CodecException($"the snapshot cannot be restored: {cause.Message}", cause);
        }

        _halfRestored = false;
        Mirrored();
    }

    /// <summary>A body with its check value before it.</summary>
    internal static byte[] Seal(ReadOnlySpan<byte> body)
    {
        var buffer = new CodecBuffer(body.Length + 32);
        buffer.WriteUnsigned(Magic);
        buffer.WriteUnsigned(Check(body));
        buffer.WriteBytes(body);
        return buffer.ToArray();
    }

    internal static byte[] Unseal(ReadOnlySpan<byte> snapshot)
    {
        var reader = new CodecReader(snapshot);
        if (reader.Unsigned() != Magic)
        {
            throw new CodecException("not a snapshot");
        }

        var check = reader.Unsigned();
        var body = reader.Bytes();
        if (!reader.AtEnd)
        {
            throw new CodecException($"{reader.Remaining} bytes left over");
        }

        return Check(body) == check ? body : throw new CodecException("the snapshot is damaged");
    }

    private static ulong Check(ReadOnlySpan<byte> body)
    {
        var sink = new HashSink(Magic);
        sink.Bytes(body);
        return StableHash.Mix(sink.Value);
    }

    private void RequireWhole()
    {
        if (_halfRestored || _partitions.Any(p => p.Failure is not null))
        {
            throw new SimulationException("a run that has failed has no snapshot");
        }

        RequireMirror();
    }

    private void Read(ReadOnlySpan<byte> body, TypeCatalog types)
    {
        var reader = new CodecReader(body);
        var seed = reader.Unsigned();
        if (seed != Seed)
        {
            throw new CodecException($"the snapshot's seed is {seed}, not {Seed}");
        }

        Now = new(reader.Signed(0, long.MaxValue));
        var latency = reader.Signed();
        if (latency != DefaultLatency)
        {
            throw new CodecException($"the snapshot's default latency is {latency} ns, not {DefaultLatency} ns");
        }

        var count = reader.Count();
        if (count != _processes.Length)
        {
            throw new CodecException($"the snapshot has {count} processes, not {_processes.Length}");
        }

        foreach (var partition in _partitions)
        {
            partition.Forget();
        }

        for (var i = 0; i < count; i++)
        {
            PartitionOf(i).ReadProcess(i, types, ref reader);
        }

        if (!reader.AtEnd)
        {
            throw new CodecException($"{reader.Remaining} bytes left over");
        }
    }

    private List<Event>[] PendingByProcess()
    {
        var pending = new List<Event>[_processes.Length];
        for (var i = 0; i < pending.Length; i++)
        {
            pending[i] = [];
        }

        var all = new List<Event>();
        foreach (var partition in _partitions)
        {
            partition.Store.CopyTo(all);
        }

        foreach (var e in all)
        {
            pending[e.Process].Add(e);
        }

        return pending;
    }

    private void WriteProcess(int index, List<Event> pending, CodecBuffer buffer)
    {
        pending.Sort(static (a, b) => (a.Time, a.Key).CompareTo((b.Time, b.Key)));
        PartitionOf(index).WriteProcess(index, pending, buffer);
    }
}
