namespace XenActors.Live.Xenstore.Bench;

/// <summary>Tells every client of a load when its time is over.</summary>
internal sealed class BenchClock
{
    private volatile bool over;

    public bool Over => over;

    public void End() => over = true;
}
