using System.Globalization;
using XenActors.Experiments.Bench;
using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Cluster;

/// <summary>What the tests run on nodes, and on one thread to compare.</summary>
public static class Workloads
{
    public static readonly VirtualTime End = new(2_000_000);

    public static Simulator Build(string name, ulong seed, EngineOptions engine) => name == "rich"
        ? RichRun.Build(seed, engine)
        : Phold.Build(new(24, 4, 500, VirtualDuration.FromMicroseconds(50), VirtualDuration.FromMicroseconds(10), seed), engine);

    /// <summary>All that can be told of a run without another node's state.</summary>
    public static string Outcome(Simulator run) =>
        string.Create(CultureInfo.InvariantCulture, $"{run.Fingerprint} {run.Now} {run.EventsHandled} {run.DeadLetters} {run.LastEventTime}");
}
