using XenActors.Experiments.Bench;
using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation;

/// <summary>Runs to compare: by fingerprint, and where that differs, by the first event that does.</summary>
internal static class Runs
{
    public static readonly PholdOptions SmallPhold =
        new(24, 4, 500, VirtualDuration.FromMicroseconds(50), VirtualDuration.FromMicroseconds(10), 1);

    public static EngineOptions Engine(int partitions) =>
        partitions == 0 ? EngineOptions.Sequential : EngineOptions.Threads(partitions);

    public static TraceLog Traced(this Simulator simulator)
    {
        var log = new TraceLog();
        simulator.TraceTo(log);
        return log;
    }

    public static (Simulator Simulator, TraceLog Log) Rich(ulong seed, int partitions = 0, int beats = 400)
    {
        var simulator = RichRun.Build(seed, Engine(partitions), beats);
        var log = simulator.Traced();
        simulator.Run();
        return (simulator, log);
    }

    public static void AssertSame((Simulator Simulator, TraceLog Log) left, (Simulator Simulator, TraceLog Log) right)
    {
        Assert.True(TraceDiff.First(left.Log, right.Log) is not { } difference, TraceDiff.First(left.Log, right.Log)?.ToString());
        Assert.Equal(left.Simulator.Fingerprint, right.Simulator.Fingerprint);
        Assert.Equal(left.Simulator.Now, right.Simulator.Now);
        Assert.Equal(left.Simulator.DeadLetters, right.Simulator.DeadLetters);
    }
}
