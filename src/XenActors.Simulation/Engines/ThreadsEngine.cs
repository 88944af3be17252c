// Threads are this engine's purpose; nothing that an actor sees depends on them.
#pragma warning disable RS0030
namespace XenActors.Simulation;

/// <summary>One thread per partition. Waiting spins a little, then parks: pure spinning collapses when a core is shared.</summary>
internal sealed class ThreadsEngine(int partitions) : IEngine
{
    private readonly long[] _values = new long[partitions * Padding];
    private readonly SpinBarrier _barrier = new(partitions);
    private Partition[] _running = [];

    // One cache line per partition's value.
    private const int Padding = 16;

    public int Partitions => partitions;

    public long Minimum(int partition, long value)
    {
        _values[partition * Padding] = value;
        _barrier.Wait();
        var least = long.MaxValue;
        for (var i = 0; i < partitions; i++)
        {
            least = Math.Min(least, Volatile.Read(ref _values[i * Padding]));
        }

        // Nobody may write the next value before all have read this one: the exchange's barrier, or this one, separates them.
        _barrier.Wait();
        return least;
    }

    public void Exchange(Partition partition)
    {
        _barrier.Wait();
        foreach (var other in _running)
        {
            if (other != partition)
            {
                partition.TakeIn(other);
            }
        }
    }

    public void Run(ReadOnlySpan<Partition> all)
    {
        _running = all.ToArray();
        var threads = new Thread[all.Length - 1];
        for (var i = 1; i < all.Length; i++)
        {
            var partition = all[i];
            threads[i - 1] = new Thread(partition.Loop) { IsBackground = true, Name = $"partition {i}" };
            threads[i - 1].Start();
        }

        all[0].Loop();
        foreach (var thread in threads)
        {
            thread.Join();
        }
    }
}
