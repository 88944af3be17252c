using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Order;

public sealed class EventQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_heap_agrees_with_a_sorted_set(ulong seed)
    {
        var random = new RandomStream(seed, "heap");
        var heap = new EventHeap();
        var sorted = new SortedSet<(long Time, ulong Key)>();
        for (var step = 0; step < 20_000; step++)
        {
            if (sorted.Count == 0 || random.NextChance(step % 2000 < 1000 ? 0.7 : 0.3))
            {
                var e = new Event { Time = random.Next(500), Key = (ulong)step };
                heap.Push(in e);
                sorted.Add((e.Time, e.Key));
            }
            else
            {
                Assert.Equal(sorted.Min, (heap.Top.Time, heap.Top.Key));
                heap.Pop(out var e);
                Assert.Equal(sorted.Min, (e.Time, e.Key));
                sorted.Remove((e.Time, e.Key));
            }

            Assert.Equal(sorted.Count, heap.Count);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 100)]
    [InlineData(3, 4096)]
    [InlineData(4, 1_000_000)]
    public void The_store_agrees_with_a_sorted_list(ulong seed, long lookahead)
    {
        var random = new RandomStream(seed, "store");
        var store = new EventStore(lookahead);
        var model = new SortedSet<(long Time, ulong Key)>();
        var now = 0L;
        ulong key = 0;
        for (var round = 0; round < 2000; round++)
        {
            for (var n = random.Next(round % 100 == 0 ? 500 : 6); n > 0; n--)
            {
                // Near, at the ring's far edge, and far beyond it.
                var reach = (1L << store.Shift) * (random.Next(3) switch { 0 => 3, 1 => 4200, _ => 40_000 });
                var e = new Event { Time = now + random.Next(reach), Key = key++ };
                store.Add(in e);
                model.Add((e.Time, e.Key));
            }

            Assert.Equal(model.Count, store.Count);
            if (model.Count == 0)
            {
                Assert.Equal(long.MaxValue, store.EarliestWindow());
                continue;
            }

            var window = store.EarliestWindow();
            Assert.Equal(model.Min.Time >> store.Shift, window);
            var limit = (window << store.Shift) + random.Next((1L << store.Shift) + 1);
            Assert.Equal(model.Min.Time < limit, store.AnyBefore(limit, window));
            var expected = model.TakeWhile(e => e.Time >> store.Shift == window).ToList();
            Assert.Equal(expected, Drain(store, window));
            expected.ForEach(e => model.Remove(e));
            now = window << store.Shift;
        }

        var all = new List<Event>();
        store.CopyTo(all);
        Assert.Equal(model, all.Select(e => (e.Time, e.Key)).Order());
        store.Clear();
        Assert.Equal(0, store.Count);
        Assert.Equal(long.MaxValue, store.EarliestWindow());
    }

    private static List<(long Time, ulong Key)> Drain(EventStore store, long window)
    {
        var events = new List<(long Time, ulong Key)>();
        var head = store.Detach(window, out var lastCount);
        for (var chunk = head; chunk >= 0; chunk = store.NextChunk(chunk))
        {
            var count = store.NextChunk(chunk) < 0 ? lastCount : EventStore.ChunkEvents;
            foreach (var e in store.Slab.AsSpan(chunk * EventStore.ChunkEvents, count))
            {
                events.Add((e.Time, e.Key));
            }
        }

        store.Free(head, events.Count);
        events.Sort();
        return events;
    }
}
