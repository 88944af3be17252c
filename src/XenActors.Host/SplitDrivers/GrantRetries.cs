using XenActors.Simulation;

namespace XenActors.SplitDrivers;

/// <summary>A backend's batches that have met GNTST_eagain, in the order in which they did; of each thread the first is at work.</summary>
[Codec]
public sealed partial class GrantRetries
{
    public List<GrantRetry> Batches { get; set; } = [];

    /// <summary>The number of the last one.</summary>
    public int Last { get; set; }

    public GrantRetry? OfThread(int thread)
    {
        foreach (var batch in Batches)
        {
            if (batch.Thread == thread)
            {
                return batch;
            }
        }

        return null;
    }

    public GrantRetry? Find(long cookie, bool maps)
    {
        foreach (var batch in Batches)
        {
            if (batch.Map is not null == maps && batch.Cookie == cookie)
            {
                return batch;
            }
        }

        return null;
    }
}
