namespace XenActors.Simulation;

/// <summary>What a partition's observers are still to be told.</summary>
internal sealed class TapBuffer(int partition)
{
    private readonly List<Entry> _entries = [];
    private readonly List<TapList> _inOrder = [];
    private TapList?[] _lists = [];
    private long[]? _counts;

    /// <summary>Conditions upon messages of any type.</summary>
    public List<Break<MessageType>> Breaks { get; } = [];

    /// <summary>True while somebody wants to know of every message, whatever its type.</summary>
    public bool WantsAny { get; private set; }

    public void WantAny(bool counts)
    {
        WantsAny = true;
        _counts ??= counts ? new long[64] : null;
    }

    /// <summary>How many messages of a type were handled since they are counted.</summary>
    public long CountOf(MessageType type) => _counts is not null && type.Id < _counts.Length ? _counts[type.Id] : 0;

    /// <summary>True when the run shall end with this window.</summary>
    public bool AddAny(MessageType type, in Observed at)
    {
        if (_counts is not null)
        {
            Grow(type);
            _counts[type.Id]++;
        }

        var stop = false;
        foreach (var condition in Breaks)
        {
            stop |= condition.Judge(partition, in at, in type);
        }

        return stop;
    }

    public TapList<T>? Of<T>() => TapType<T>.Id < _lists.Length ? (TapList<T>?)_lists[TapType<T>.Id] : null;

    public void Want<T>(TapWanted<T> wanted)
    {
        if (_lists.Length <= TapType<T>.Id)
        {
            Array.Resize(ref _lists, TapType<T>.Id + 1);
        }

        var list = new TapList<T>(this, partition, _inOrder.Count, wanted);
        _lists[TapType<T>.Id] = list;
        _inOrder.Add(list);
    }

    /// <summary>For the other nodes: how many messages of each type, and what has been seen, in the partition's order.</summary>
    public void Write(CodecBuffer to)
    {
        var types = MessageType.All;
        var counted = _counts is null ? 0 : _counts.Count(c => c > 0);
        to.WriteUnsigned((ulong)counted);
        for (var id = 0; counted > 0 && id < _counts!.Length; id++)
        {
            if (_counts[id] > 0)
            {
                to.WriteText(types[id].Name);
                to.WriteSigned(_counts[id]);
            }
        }

        var sink = new ByteSink(to);
        to.WriteUnsigned((ulong)_entries.Count);
        foreach (var entry in _entries)
        {
            to.WriteSigned(entry.At.Time.Nanoseconds);
            CodecOf.Encode(entry.At.Actor, ref sink);
            CodecOf.Encode(entry.At.Sender, ref sink);
            to.WriteUnsigned((ulong)entry.List.Number);
            entry.List.Encode(entry.Index, to);
        }
    }

    /// <summary>The other way, into the likeness of a partition that another node runs.</summary>
    public void Read(TypeCatalog types, ref CodecReader from)
    {
        for (var n = from.Count(); n > 0; n--)
        {
            var type = types.Message(from.TextNotNull());
            Grow(type);
            _counts![type.Id] = from.Signed();
        }

        for (var n = from.Count(); n > 0; n--)
        {
            var at = new Observed(new(from.Signed()), CodecOf.Decode<ActorRef>(ref from), CodecOf.Decode<ActorRef>(ref from));
            _inOrder[(int)from.Unsigned((ulong)_inOrder.Count - 1)].Take(in at, ref from);
        }
    }

    private void Grow(MessageType type)
    {
        if (type.Id >= _counts!.Length)
        {
            Array.Resize(ref _counts, Math.Max(type.Id + 1, _counts.Length * 2));
        }
    }

    public void Add(TapList list, int index, in Observed at) => _entries.Add(new(at, _entries.Count, list, index));

    /// <summary>Tells all partitions' entries in the one order.</summary>
    public static void Flush(Partition[] partitions, List<Entry> all)
    {
        foreach (var partition in partitions)
        {
            all.AddRange(partition.Taps!._entries);
            partition.Taps._entries.Clear();
        }

        if (all.Count == 0)
        {
            return;
        }

        // A process belongs to one partition, so its entries' numbers are in its own order.
        all.Sort(static (a, b) =>
        {
            var time = a.At.Time.Nanoseconds.CompareTo(b.At.Time.Nanoseconds);
            var process = time != 0 ? time : a.At.Actor.Process.CompareTo(b.At.Actor.Process);
            return process != 0 ? process : a.Number.CompareTo(b.Number);
        });
        foreach (var entry in all)
        {
            entry.List.Dispatch(entry.Index, in entry.At);
        }

        all.Clear();
        foreach (var partition in partitions)
        {
            foreach (var list in partition.Taps!._lists)
            {
                list?.Clear();
            }
        }
    }

    internal readonly record struct Entry(Observed At, int Number, TapList List, int Index)
    {
        public readonly Observed At = At;
    }
}
