// A barrier belongs to the threads engine; nothing that an actor sees depends on it.
#pragma warning disable RS0030
namespace XenActors.Simulation;

/// <summary>A reusable barrier that spins for about a microsecond or two and then parks.</summary>
internal sealed class SpinBarrier(int participants)
{
    private const int SpinsBeforeParking = 200;

    private readonly Lock _gate = new();
    private readonly object _parked = new();
    private int _waiting;
    private volatile int _generation;

    public void Wait()
    {
        var generation = _generation;
        if (Arrive())
        {
            return;
        }

        var spins = participants <= MaxSpinners ? SpinsBeforeParking : 0;
        for (var i = 0; i < spins; i++)
        {
            if (_generation != generation)
            {
                return;
            }

            Thread.SpinWait(8);
        }

        lock (_parked)
        {
            while (_generation == generation)
            {
                Monitor.Wait(_parked);
            }
        }
    }

    // Spinning helps only when every participant can have a core of its own.
    private static readonly int MaxSpinners = Environment.ProcessorCount;

    private bool Arrive()
    {
        lock (_gate)
        {
            if (++_waiting < participants)
            {
                return false;
            }

            _waiting = 0;
        }

        lock (_parked)
        {
            unchecked
            {
                _generation++; // Only compared for equality.
            }

            Monitor.PulseAll(_parked);
        }

        return true;
    }
}
