namespace XenActors.Simulation;

/// <summary>
/// Snapshots. A snapshot is taken between runs and restored into a simulator that was built the same way (same seed, processes,
/// links, rules), in any process and with any engine; the run then goes on as if nothing had happened.
/// </summary>
public sealed partial class Simulator
{
    private const ulong Magic = 0x3150414E53415858; // "XXASNAP1"

    /// <summary>The whole simulation.</summary>
    public byte[] Snapshot()
    {
        var buffer = new CodecBuffer();
        buffer.WriteUnsigned(Magic);
        buffer.WriteUnsigned(Seed);
        buffer.WriteSigned(Now.Nanoseconds);
        buffer.WriteUnsigned((ulong)_processes.Length);
        var pending = PendingByProcess();
        for (var i = 0; i < _processes.Length; i++)
        {
            WriteProcess(i, pending[i], buffer);
        }

        return buffer.ToArray();
    }

    /// <summary>One logical process's whole state: random stream, history, actors, timers, pending messages.</summary>
    public byte[] SnapshotProcess(int process)
    {
        var buffer = new CodecBuffer();
        WriteProcess(process, PendingByProcess()[process], buffer);
        return buffer.ToArray();
    }

    /// <summary>Continues from a snapshot. What this simulator has done before is forgotten.</summary>
    /// <param name="snapshot">From <see cref="Snapshot"/>.</param>
    /// <param name="types">Where actor and message types are looked up by name.</param>
    /// <exception cref="CodecException">The bytes are no snapshot of such a simulation.</exception>
    public void Restore(ReadOnlySpan<byte> snapshot, TypeCatalog types)
    {
        var reader = new CodecReader(snapshot);
        if (reader.Unsigned() != Magic)
        {
            throw new CodecException("not a snapshot");
        }

        var seed = reader.Unsigned();
        if (seed != Seed)
        {
            throw new CodecException($"the snapshot's seed is {seed}, not {Seed}");
        }

        Now = new(reader.Signed(0, long.MaxValue));
        var count = reader.Count();
        if (count != _processes.Length)
        {
            throw new CodecException($"the snapshot has {count} processes, not {_processes.Length}");
        }

        foreach (var partition in _partitions)
        {
            partition.Store.Clear();
            partition.Bodies.Clear();
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
        pending.Sort(static (a, b) => Event.Before(in a, in b) ? -1 : 1);
        PartitionOf(index).WriteProcess(index, pending, buffer);
    }
}
