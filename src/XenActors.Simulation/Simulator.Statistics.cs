namespace XenActors.Simulation;

public sealed partial class Simulator
{
    /// <summary>By partition; of other nodes' what they have told after the last run.</summary>
    public IReadOnlyList<PartitionStatistics> Statistics => [.. _partitions.Select(StatisticsOf)];

    private PartitionStatistics StatisticsOf(Partition partition)
    {
        var node = Engine.Shared is { } shared ? partition.Index / shared.PartitionsPerNode : 0;
        var own = new PartitionStatistics(
            partition.Index, node, Owners.Count(o => o == partition.Index), partition.Handled, partition.Windows, partition.Busy, partition.Crossed,
            (Engine as MeasuredEngine)?.Running ?? TimeSpan.Zero, (Engine as MeasuredEngine)?.Exchanging(partition.Index) ?? TimeSpan.Zero);
        ref readonly var told = ref partition.Report;
        return partition.IsHere ? own : own with { Windows = told.Windows, Busy = told.Busy, Running = new(told.Running), Exchanging = new(told.Exchanging) };
    }
}
