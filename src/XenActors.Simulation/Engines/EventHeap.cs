namespace XenActors.Simulation;

/// <summary>A 4-ary heap of events in their total order.</summary>
internal sealed class EventHeap
{
    private Event[] _items = new Event[64];

    public int Count { get; private set; }

    public ref readonly Event Top => ref _items[0];

    public void Push(in Event e)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, _items.Length * 2);
        }

        var items = _items;
        var hole = Count++;
        while (hole > 0)
        {
            var parent = (hole - 1) >> 2;
            if (!Event.Before(in e, in items[parent]))
            {
                break;
            }

            items[hole] = items[parent];
            hole = parent;
        }

        items[hole] = e;
    }

    public void Pop(out Event top)
    {
        var items = _items;
        top = items[0];
        var last = --Count;
        if (last == 0)
        {
            return;
        }

        ref readonly var moved = ref items[last];
        var hole = 0;
        while (true)
        {
            var child = (hole << 2) + 1;
            if (child >= last)
            {
                break;
            }

            var end = Math.Min(child + 4, last);
            var least = child;
            for (var i = child + 1; i < end; i++)
            {
                if (Event.Before(in items[i], in items[least]))
                {
                    least = i;
                }
            }

            if (!Event.Before(in items[least], in moved))
            {
                break;
            }

            items[hole] = items[least];
            hole = least;
        }

        items[hole] = moved;
    }

    /// <summary>In no particular order.</summary>
    public ReadOnlySpan<Event> All => _items.AsSpan(0, Count);

    public void Clear() => Count = 0;
}
