namespace XenActors.Simulation;

/// <summary>What a partition has handled since the last flush.</summary>
internal sealed class TraceBuffer(Partition partition)
{
    private readonly List<Entry> _entries = [];

    public void Add(in Event e, MessageType type, string text, ulong digest)
    {
        var sender = (e.Flags & Event.Timer) != 0 ? new ActorRef(e.Process, e.Local)
            : e.Sender < 0 ? ActorRef.None
            : new ActorRef(e.SenderProcess, e.Sender);
        _entries.Add(new(e.Time, e.Process, _entries.Count, partition.PathOf(e.Process, e.Local), sender, type, text, digest));
    }

    /// <summary>Merges all partitions' entries into the one order and hands them on.</summary>
    public static void Flush(Partition[] partitions, Simulator simulator, ITraceSink sink)
    {
        var all = new List<Entry>();
        foreach (var partition in partitions)
        {
            all.AddRange(partition.Trace!._entries);
            partition.Trace._entries.Clear();
        }

        // A process belongs to one partition, so its entries' numbers are in its own order.
        all.Sort(static (a, b) => (a.Time, a.Process, a.Number).CompareTo((b.Time, b.Process, b.Number)));
        foreach (var e in all)
        {
            var sender = e.Sender.IsNone ? "outside" : simulator.PathOf(e.Sender);
            sink.Record(new TraceRecord(new(e.Time), e.Path, sender, e.Type.Name, e.Text, e.Digest));
        }
    }

    private readonly record struct Entry(long Time, int Process, int Number, string Path, ActorRef Sender, MessageType Type, string Text, ulong Digest);
}
