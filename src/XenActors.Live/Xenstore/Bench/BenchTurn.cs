using XenActors.Live.Native;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>One client's part in a load.</summary>
internal sealed class BenchTurn(UnixAddress address, int index, BenchClock clock, Barrier ready)
{
    private bool begun;

    /// <summary>Where more connections can be had.</summary>
    public UnixAddress Address { get; } = address;

    /// <summary>Which of the load's clients it is.</summary>
    public int Index { get; } = index;

    /// <summary>Whether the load's time is over.</summary>
    public bool Over => clock.Over;

    /// <summary>Ends the preparations; returns when all clients have ended theirs.</summary>
    public void Begin()
    {
        if (begun) return;
        begun = true;
        ready.SignalAndWait();
    }
}
