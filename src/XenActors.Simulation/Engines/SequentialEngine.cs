namespace XenActors.Simulation;

/// <summary>One partition on the caller's thread: nothing to agree on, nobody to exchange with.</summary>
internal sealed class SequentialEngine : IEngine
{
    public int Partitions => 1;

    public long Minimum(int partition, long value) => value;

    public void Exchange(Partition partition)
    {
    }

    public void Run(ReadOnlySpan<Partition> partitions) => partitions[0].Loop();
}
