using XenActors.Simulation;

namespace XenActors.Live.Hosts;

/// <summary>Which virtual time it should be by the wall clock. It stands at zero until it is started.</summary>
/// <param name="clock">A clock that is never set back.</param>
/// <param name="speed">Virtual seconds a second; infinite: as fast as can be.</param>
internal sealed class HostPace(TimeProvider clock, double speed)
{
    private long started;
    private VirtualDuration ahead;

    public bool Started { get; private set; }

    /// <summary>Whether the wall clock does not matter.</summary>
    public bool Free { get; } = double.IsPositiveInfinity(speed);

    /// <summary>The virtual time that the wall clock stands for.</summary>
    public VirtualTime Now => !Started ? VirtualTime.Zero : Free ? VirtualTime.Never : VirtualTime.Zero + ToVirtual(clock.GetElapsedTime(started)) + ahead;

    public void Start() => (started, Started) = (clock.GetTimestamp(), true);

    /// <summary>Virtual time has run ahead to here, for good: the wall clock goes on from there.</summary>
    public void RunAhead(VirtualTime to)
    {
        if (!Free && to > Now) ahead += to - Now;
    }

    public VirtualDuration ToVirtual(TimeSpan wall)
    {
        var nanoseconds = wall.TotalNanoseconds * speed;
        return new(nanoseconds < long.MaxValue / 2 ? (long)nanoseconds : long.MaxValue / 2);
    }

    /// <summary>Whole milliseconds of the wall clock until a virtual time, rounded up; 0 when it has come, -1 when it never will.</summary>
    public int MillisecondsUntil(VirtualTime time)
    {
        if (time == VirtualTime.Never) return -1;
        if (Free || time <= Now) return 0;
        return (int)Math.Min(Math.Ceiling((time - Now).Nanoseconds / speed / 1e6), int.MaxValue / 2);
    }
}
