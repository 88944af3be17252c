using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Experiments.Placement;

/// <summary>What a scenario's processes have to do, by a short run on one thread: a count of messages, so that every node measures the same.</summary>
public sealed class MeasuredLoad
{
    /// <summary>A second or less, which shows a boot and a second or more of most workloads.</summary>
    public const long MessagesUsual = 500_000;

    private readonly long[] _handled;
    private readonly long[,] _sent;

    private MeasuredLoad(Simulator simulator)
    {
        Simulator = simulator;
        var processes = simulator.ProcessNames.Count;
        (_handled, _sent) = (new long[processes], new long[processes, processes]);
    }

    /// <summary>Where it has come to.</summary>
    public Simulator Simulator { get; }

    /// <summary>Messages handled, by process.</summary>
    public IReadOnlyList<long> Handled => _handled;

    /// <summary>Messages from one process to another.</summary>
    public long Sent(int from, int to) => _sent[from, to];

    /// <exception cref="UserErrorException">The scenario is wrong.</exception>
    public static MeasuredLoad Of(Scenario scenario, ulong seed, string profiles, long messages = MessagesUsual)
    {
        var run = ScenarioRun.Prepare(scenario with { Verify = false }, seed, EngineOptions.Sequential, profiles, eventsMax: messages);
        var load = new MeasuredLoad(run.Machine.Simulator);
        run.Machine.Simulator.BreakOnMessage((at, _) => load.Count(at));
        _ = run.ToTheEnd(null, CancellationToken.None);
        return load;
    }

    // Never true; there is one thread.
    private bool Count(in Observed at)
    {
        _handled[at.Actor.Process]++;
        if (!at.Sender.IsNone)
        {
            _sent[at.Sender.Process, at.Actor.Process]++;
        }

        return false;
    }
}
