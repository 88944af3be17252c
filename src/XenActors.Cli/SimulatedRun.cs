using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Recordings;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore.Tools;

namespace XenActors.Cli;

/// <summary>The store of a simulated host: what it holds when its guests have booted or the recorded session ends, or at a time before, and what happens in it until then.</summary>
internal sealed class SimulatedRun : IDisposable
{
    private readonly BootSession? session;
    private readonly SessionReplay? replay;
    private readonly XenMachine machine;
    private readonly VirtualDuration? at;

    /// <exception cref="Experiments.UserErrorException">The scenario or the recording is wrong.</exception>
    public SimulatedRun(StoreOptions options)
    {
        at = options.At;
        if (options.Recording is not null)
        {
            replay = SessionReplay.Open(options.Recording);
            machine = replay.Machine;
            return;
        }

        session = BootSession.Prepare(new BootOptions { Configs = options.Scenario, Kernel = options.Kernel, Host = options.Host, Seed = options.Seed });
        foreach (var warning in session.Warnings) Errors.Tell(warning);
        machine = session.Build(options.Seed, EngineOptions.Sequential);
    }

    /// <summary>The store as the run leaves it.</summary>
    public IXenstoreConnection AtTheEnd()
    {
        Run();
        return new CoreConnection(machine.Store);
    }

    /// <summary>The host as the run leaves it.</summary>
    public XenMachine MachineAtTheEnd()
    {
        Run();
        return machine;
    }

    /// <summary>The run as a watcher sees it.</summary>
    public IXenstoreConnection Watched() => new WatchingConnection(machine.Store, Run);

    public void Dispose()
    {
        session?.Dispose();
        replay?.Dispose();
    }

    private void Run()
    {
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop.Cancel);
        if (replay is not null) Replay(replay, stop.Token);
        else if (at is { } time) machine.Simulator.RunFor(time, stop.Token);
        else BootRun.ToTheEnd(machine, null, stop.Token);
    }

    // A history that is not the recorded one has a store that nobody has seen.
    private void Replay(SessionReplay recorded, CancellationToken cancel)
    {
        var outcome = recorded.Run(at is { } time ? VirtualTime.Zero + time : VirtualTime.Never, null, cancel);
        if (outcome.Difference is { } difference) Errors.Tell(difference.ToString());
        if (outcome.Missing is { } missing) Errors.Tell(missing);
    }
}
