using System.Runtime.CompilerServices;
using XenActors.Simulation;

namespace XenActors.Experiments.Bench;

/// <summary>
/// The peer that PHOLD is measured against: the same workload on one 4-ary heap of 32-byte events, without actors, messages or history.
/// </summary>
internal sealed class HeapBaseline
{
    private const long EventsPerLook = 1 << 20;

    private readonly PholdOptions _options;
    private readonly RandomStream[] _streams;
    private readonly long[] _handled;
    private readonly ulong[] _sends;
    private Item[] _heap;
    private int _count;

    public HeapBaseline(PholdOptions options)
    {
        _options = options;
        _streams = new RandomStream[options.Processes];
        _handled = new long[options.Processes];
        _sends = new ulong[options.Processes];
        _heap = new Item[(options.Processes * options.Population) + 1];
        for (var i = 0; i < options.Processes; i++)
        {
            _streams[i] = new RandomStream(options.Seed, $"lp{i}");
            for (var j = 0; j < options.Population; j++)
            {
                Send(i, 0);
            }
        }
    }

    public long Run(long events, CancellationToken cancel)
    {
        for (long i = 0; i < events; i++)
        {
            if (i % EventsPerLook == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            Pop(out var item);
            _handled[item.Process]++;
            Send(item.Process, item.Time);
        }

        return events;
    }

    private void Send(int from, long now)
    {
        ref var random = ref _streams[from];
        var delay = random.NextExponential(_options.Mean) + _options.Lookahead;
        var to = (int)random.Next(_options.Processes);
        Push(new Item { Time = now + delay.Nanoseconds, Key = ((ulong)from << 40) | _sends[from]++, Process = to, Body = 0 });
    }

    private void Push(in Item item)
    {
        var heap = _heap;
        var hole = _count++;
        while (hole > 0)
        {
            var parent = (hole - 1) >> 2;
            if (!Before(in item, in heap[parent]))
            {
                break;
            }

            heap[hole] = heap[parent];
            hole = parent;
        }

        heap[hole] = item;
    }

    private void Pop(out Item top)
    {
        var heap = _heap;
        top = heap[0];
        var last = --_count;
        var moved = heap[last];
        var hole = 0;
        while (true)
        {
            var child = (hole << 2) + 1;
            if (child >= last)
            {
                break;
            }

            var least = child;
            var end = Math.Min(child + 4, last);
            for (var i = child + 1; i < end; i++)
            {
                if (Before(in heap[i], in heap[least]))
                {
                    least = i;
                }
            }

            if (!Before(in heap[least], in moved))
            {
                break;
            }

            heap[hole] = heap[least];
            hole = least;
        }

        heap[hole] = moved;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Before(in Item a, in Item b) => a.Time < b.Time || (a.Time == b.Time && a.Key < b.Key);

    private struct Item
    {
        public long Time;
        public ulong Key;
        public int Process;

        /// <summary>Padding to the 32 bytes of the peers that this stands for; carried along, never read.</summary>
        public ulong Body;
    }
}
