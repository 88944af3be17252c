namespace XenActors.Simulation;

/// <summary>What a partition's observers are still to be told.</summary>
internal sealed class TapBuffer(int partition)
{
    private readonly List<Entry> _entries = [];
    private TapList?[] _lists = [];

    public TapList<T>? Of<T>() => TapType<T>.Id < _lists.Length ? (TapList<T>?)_lists[TapType<T>.Id] : null;

    public void Want<T>(TapWanted<T> wanted)
    {
        if (_lists.Length <= TapType<T>.Id)
        {
            Array.Resize(ref _lists, TapType<T>.Id + 1);
        }

        _lists[TapType<T>.Id] ??= new TapList<T>(this, partition, wanted);
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
