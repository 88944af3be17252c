using System.Numerics;
using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

/// <summary>
/// A partition's pending events: a ring of time buckets, each no wider than the lookahead, and a heap for what lies beyond the
/// ring. A bucket is a chain of chunks from one slab, so that memory is reused hot and nothing is allocated in the steady state.
/// </summary>
internal sealed class EventStore
{
    public const int ChunkEvents = 64;
    private const int Slots = 4096;
    private const int SlotMask = Slots - 1;
    private const int Words = Slots / 64;

    private readonly int[] _head = new int[Slots];
    private readonly int[] _tail = new int[Slots];
    private readonly int[] _tailCount = new int[Slots];
    private readonly ulong[] _occupied = new ulong[Words];
    private readonly EventHeap _far = new();
    private readonly int _shift;
    private Event[] _slab = new Event[ChunkEvents * 64];
    private int[] _nextChunk = new int[64];
    private int _freeChunk = -1;
    private int _usedChunks;

    /// <summary>The ring covers windows [_first, _first + Slots).</summary>
    private long _first;

    /// <param name="lookahead">Nanoseconds; a bucket is the greatest power of two that is not longer.</param>
    public EventStore(long lookahead)
    {
        _shift = BitOperations.Log2((ulong)lookahead);
        Array.Fill(_head, -1);
    }

    public int Shift => _shift;

    public Event[] Slab => _slab;

    public long Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in Event e)
    {
        var window = e.Time >> _shift;
        Count++;
        if (window - _first < Slots)
        {
            AddNear(in e, (int)(window & SlotMask));
        }
        else
        {
            _far.Push(in e);
        }
    }

    /// <summary>The earliest window that holds an event, or <see cref="long.MaxValue"/>.</summary>
    public long EarliestWindow()
    {
        var start = (int)(_first & SlotMask);
        for (var i = 0; i <= Words; i++)
        {
            var word = ((start >> 6) + i) & (Words - 1);
            var bits = _occupied[word];
            if (i == 0)
            {
                bits &= ulong.MaxValue << (start & 63);
            }
            else if (i == Words)
            {
                bits &= ~(ulong.MaxValue << (start & 63));
            }

            if (bits != 0)
            {
                var slot = (word << 6) + BitOperations.TrailingZeroCount(bits);
                return _first + ((slot - start) & SlotMask);
            }
        }

        return _far.Count == 0 ? long.MaxValue : _far.Top.Time >> _shift;
    }

    /// <summary>The earliest event's time, or <see cref="long.MaxValue"/>.</summary>
    public long EarliestTime()
    {
        var window = EarliestWindow();
        if (window == long.MaxValue || window - _first >= Slots)
        {
            return _far.Count == 0 ? long.MaxValue : _far.Top.Time;
        }

        var earliest = long.MaxValue;
        var slot = (int)(window & SlotMask);
        for (var chunk = _head[slot]; chunk >= 0; chunk = _nextChunk[chunk])
        {
            var count = _nextChunk[chunk] < 0 ? _tailCount[slot] : ChunkEvents;
            foreach (ref readonly var e in _slab.AsSpan(chunk * ChunkEvents, count))
            {
                earliest = Math.Min(earliest, e.Time);
            }
        }

        return earliest;
    }

    /// <summary>Whether the earliest window holds an event before the limit, which may lie inside it.</summary>
    public bool AnyBefore(long limit, long window)
    {
        if (window >= limit >> _shift)
        {
            if (window << _shift >= limit)
            {
                return false;
            }

            var slot = (int)(window & SlotMask);
            if (window - _first >= Slots)
            {
                return _far.Top.Time < limit;
            }

            for (var chunk = _head[slot]; chunk >= 0; chunk = _nextChunk[chunk])
            {
                var count = _nextChunk[chunk] < 0 ? _tailCount[slot] : ChunkEvents;
                foreach (ref readonly var e in _slab.AsSpan(chunk * ChunkEvents, count))
                {
                    if (e.Time < limit)
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        return true;
    }

    /// <summary>
    /// Takes a window's chain out of the ring; -1 when it is empty. The chain stays readable in <see cref="Slab"/> until
    /// <see cref="Free"/>. No earlier window may be used again.
    /// </summary>
    public int Detach(long window, out int lastCount)
    {
        Advance(window);
        var slot = (int)(window & SlotMask);
        var head = _head[slot];
        lastCount = _tailCount[slot];
        _head[slot] = -1;
        _occupied[slot >> 6] &= ~(1UL << (slot & 63));
        return head;
    }

    public int NextChunk(int chunk) => _nextChunk[chunk];

    public void Free(int head, int events)
    {
        Count -= events;
        while (head >= 0)
        {
            var next = _nextChunk[head];
            _nextChunk[head] = _freeChunk;
            _freeChunk = head;
            head = next;
        }
    }

    /// <summary>Every pending event, in no particular order.</summary>
    public void CopyTo(List<Event> list)
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            for (var chunk = _head[slot]; chunk >= 0; chunk = _nextChunk[chunk])
            {
                var count = _nextChunk[chunk] < 0 ? _tailCount[slot] : ChunkEvents;
                list.AddRange(_slab.AsSpan(chunk * ChunkEvents, count));
            }
        }

        list.AddRange(_far.All);
    }

    public void Clear()
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            Free(_head[slot], 0);
            _head[slot] = -1;
        }

        Array.Clear(_occupied);
        _far.Clear();
        _first = 0;
        Count = 0;
    }

    // Windows before this one are over: what lay beyond the ring and now fits moves in.
    private void Advance(long window)
    {
        _first = window;
        while (_far.Count > 0 && (_far.Top.Time >> _shift) - _first < Slots)
        {
            _far.Pop(out var e);
            AddNear(in e, (int)((e.Time >> _shift) & SlotMask));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddNear(in Event e, int slot)
    {
        var count = _tailCount[slot];
        if (_head[slot] < 0 || count == ChunkEvents)
        {
            count = Grow(slot);
        }

        _slab[(_tail[slot] * ChunkEvents) + count] = e;
        _tailCount[slot] = count + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Grow(int slot)
    {
        int chunk;
        if (_freeChunk >= 0)
        {
            chunk = _freeChunk;
            _freeChunk = _nextChunk[chunk];
        }
        else
        {
            if (_usedChunks == _nextChunk.Length)
            {
                Array.Resize(ref _nextChunk, _nextChunk.Length * 2);
                Array.Resize(ref _slab, _nextChunk.Length * ChunkEvents);
            }

            chunk = _usedChunks++;
        }

        _nextChunk[chunk] = -1;
        if (_head[slot] < 0)
        {
            _head[slot] = chunk;
            _occupied[slot >> 6] |= 1UL << (slot & 63);
        }
        else
        {
            _nextChunk[_tail[slot]] = chunk;
        }

        _tail[slot] = chunk;
        return 0;
    }
}
