using XenActors.Experiments.Boot;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore.Tools;

namespace XenActors.Cli;

/// <summary>The store of a simulated host: what it holds when its guests have booted, or at a time before, and what happens in it until then.</summary>
internal sealed class ScenarioStore : IDisposable
{
    private readonly BootSession session;
    private readonly XenMachine machine;
    private readonly VirtualDuration? at;

    /// <exception cref="Experiments.UserErrorException">The scenario is wrong.</exception>
    public ScenarioStore(StoreOptions options)
    {
        at = options.At;
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

    /// <summary>The run as a watcher sees it.</summary>
    public IXenstoreConnection Watched() => new WatchingConnection(machine.Store, Run);

    public void Dispose() => session.Dispose();

    private void Run()
    {
        if (at is { } time) machine.Simulator.RunFor(time);
        else BootRun.ToTheEnd(machine, null, CancellationToken.None);
    }
}
