namespace XenActors.Simulation;

/// <summary>Snapshots in parts, for those who keep each logical process for itself.</summary>
public sealed partial class Simulator
{
    private const string HeadPart = "/head";
    private const string CountsPart = "/counts";

    /// <summary>The whole simulation, as <see cref="Snapshot"/> has it, and how far it has come.</summary>
    /// <exception cref="SimulationException">The run has failed, or other nodes have not been mirrored.</exception>
    public IReadOnlyList<SnapshotPart> SnapshotParts()
    {
        RequireWhole();
        var head = new CodecBuffer();
        WriteHead(head);
        var counts = new CodecBuffer();
        counts.WriteSigned(EventsHandled);
        counts.WriteSigned(LastEventTime.Nanoseconds);
        var parts = new List<SnapshotPart> { new(HeadPart, head.ToArray()), new(CountsPart, counts.ToArray()) };
        var pending = PendingByProcess();
        var buffer = new CodecBuffer();
        for (var i = 0; i < _processes.Length; i++)
        {
            buffer.Clear();
            WriteProcess(i, pending[i], buffer);
            parts.Add(new(_processes[i].Details.Name, buffer.ToArray()));
        }

        return parts;
    }

    /// <summary>Continues from what <see cref="SnapshotParts"/> has made, in a simulator that was built the same way, on any engine.</summary>
    /// <exception cref="CodecException">The parts are no snapshot of such a simulation.</exception>
    public void Restore(IReadOnlyList<SnapshotPart> parts, TypeCatalog types)
    {
        if (parts.Count < 2 || parts[0].Name != HeadPart || parts[1].Name != CountsPart)
        {
            throw new CodecException("these are not the parts of a snapshot");
        }

        var body = new CodecBuffer();
        foreach (var part in parts)
        {
            if (part.Name != CountsPart)
            {
                part.Bytes.CopyTo(body.Extend(part.Bytes.Length));
            }
        }

        Restore(Seal(body.Written), types);
        var counts = new CodecReader(parts[1].Bytes);
        var (handled, last) = (counts.Signed(0, long.MaxValue), counts.Signed(0, long.MaxValue));
        foreach (var partition in _partitions)
        {
            partition.Continue(partition.Index == 0 ? handled : 0, last);
        }
    }

    private void WriteHead(CodecBuffer buffer)
    {
        buffer.WriteUnsigned(Seed);
        buffer.WriteSigned(Now.Nanoseconds);
        buffer.WriteSigned(DefaultLatency);
        buffer.WriteUnsigned((ulong)_processes.Length);
    }
}
