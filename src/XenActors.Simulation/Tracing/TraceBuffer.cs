using System.Runtime.InteropServices;

namespace XenActors.Simulation;

/// <summary>What a partition has handled since the last flush.</summary>
internal sealed class TraceBuffer(Partition partition)
{
    private readonly List<Entry> _entries = [];
    private Actor? _handler;
    private bool _isOpen;

    /// <param name="e">The message, as it is about to be handled.</param>
    /// <param name="handler">Who handles it; null when nobody is there.</param>
    /// <param name="began">When the handler turns to it.</param>
    public void Add(in Event e, MessageType type, string text, ulong digest, Actor? handler, long began)
    {
        Close();
        var sender = (e.Flags & Event.Timer) != 0 ? new ActorRef(e.Process, e.Local)
            : e.Sender < 0 ? ActorRef.None
            : new ActorRef(e.SenderProcess, e.Sender);
        var (sends, work) = partition.ActivityOf(e.Process);
        _entries.Add(new()
        {
            Time = e.Time,
            Process = e.Process,
            Number = _entries.Count,
            Path = partition.PathOf(e.Process, e.Local),
            Sender = sender,
            Type = type,
            Text = text,
            Digest = digest,
            Key = e.Key,
            Dead = handler is null,
            Began = began,
            Ended = began,
            SentFirst = sends,
            SentEnd = sends,
            Work = work,
        });
        (_handler, _isOpen) = (handler, true);
    }

    /// <summary>Merges all partitions' entries into the one order and hands them on.</summary>
    public static void Flush(Partition[] partitions, Simulator simulator, IReadOnlyList<ITraceSink> sinks)
    {
        var all = new List<Entry>();
        foreach (var partition in partitions)
        {
            partition.Trace!.Close();
            all.AddRange(partition.Trace._entries);
            partition.Trace._entries.Clear();
        }

        // A process belongs to one partition, so its entries' numbers are in its own order.
        all.Sort(static (a, b) => (a.Time, a.Process, a.Number).CompareTo((b.Time, b.Process, b.Number)));
        foreach (var e in all)
        {
            var record = e.Record(e.Sender.IsNone ? "outside" : simulator.PathOf(e.Sender));
            foreach (var sink in sinks)
            {
                sink.Record(in record);
            }
        }

        foreach (var sink in sinks)
        {
            sink.Flushed();
        }
    }

    // What the last one's handler has done is known when the next message comes: nothing else of its process has moved meanwhile.
    private void Close()
    {
        if (!_isOpen)
        {
            return;
        }

        ref var last = ref CollectionsMarshal.AsSpan(_entries)[^1];
        var (sends, work) = partition.ActivityOf(last.Process);
        last.SentEnd = sends;
        last.Work = work - last.Work;
        last.Ended = Math.Max(last.Began, _handler?.BusyUntil ?? 0);
        (_handler, _isOpen) = (null, false);
    }

    private struct Entry
    {
        public long Time;
        public int Process;
        public int Number;
        public string Path;
        public ActorRef Sender;
        public MessageType Type;
        public string Text;
        public ulong Digest;
        public ulong Key;
        public bool Dead;
        public long Began;
        public long Ended;
        public ulong SentFirst;
        public ulong SentEnd;
        public long Work;

        public readonly TraceRecord Record(string sender) => new(new(Time), Path, sender, Type.Name, Text, Digest)
        {
            Number = Key,
            SentFirst = ((ulong)(uint)Process << Event.CounterBits) | SentFirst,
            SentCount = (int)(SentEnd - SentFirst),
            Began = new(Began),
            Ended = new(Ended),
            Work = new(Work),
            Dead = Dead,
        };
    }
}
