using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>Notices that a run gets nowhere.</summary>
internal sealed class Stall(VirtualDuration patience)
{
    private long _seen = -1;
    private VirtualTime _since;

    /// <summary>True when the same number was told for longer than the patience lasts.</summary>
    public bool Since(VirtualTime now, long progress)
    {
        if (progress != _seen)
        {
            (_seen, _since) = (progress, now);
        }

        return now - _since > patience;
    }
}
