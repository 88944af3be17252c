namespace XenActors.Simulation;

/// <summary>Which partition runs which process, and what lies between them.</summary>
public sealed partial class Simulator
{
    /// <summary>The time that a message takes from one process to another at least; null where none can be sent.</summary>
    public VirtualDuration? Latency(int from, int to) =>
        Partition.FindLink(_processes[Known(from)].Details.Links, Known(to)) is { } link ? new(link.Latency)
        : DefaultLatency > 0 ? new(DefaultLatency)
        : null;

    private int[] Place(Func<IReadOnlyList<string>, IReadOnlyList<int>>? placement)
    {
        if (placement is not null && Engine.Partitions > 1)
        {
            int[] placed = [.. placement(ProcessNames)];
            return placed.Length == _processes.Length && placed.All(p => p >= 0 && p < Engine.Partitions)
                ? placed
                : throw new SimulationException($"a placement of {placed.Length} processes on partitions {placed.Min()} to {placed.Max()}: there are {_processes.Length} processes and {Engine.Partitions} partitions");
        }

        return [.. Enumerable.Range(0, _processes.Length).Select(i => (int)((long)i * Engine.Partitions / _processes.Length))];
    }
}
