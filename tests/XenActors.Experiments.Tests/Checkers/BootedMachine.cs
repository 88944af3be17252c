using XenActors.Experiments.Boot;
using XenActors.Experiments.Checkers;
using XenActors.Guest.Block;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Tests.Experiments.Boot;

namespace XenActors.Tests.Experiments.Checkers;

/// <summary>One guest with a paravirtual disk that has booted, to feed checkers with what never happened there.</summary>
public sealed class BootedMachine : IDisposable, IObserve<BlockRequest>
{
    private readonly BootRig _rig = new();

    public BootedMachine()
    {
        var session = _rig.Page(kernel: "debian12-6.1");
        Machine = session.Build(1, EngineOptions.Sequential);
        Machine.Simulator.Observe<BlockRequest>(this);
        Assert.True(BootRun.ToTheEnd(Machine, null, CancellationToken.None));
    }

    public XenMachine Machine { get; }

    public ushort Guest => Machine.Guests[0];

    /// <summary>The guest's blkfront.</summary>
    public ActorRef Driver { get; private set; }

    /// <summary>Who asks it: the block layer.</summary>
    public ActorRef Asker { get; private set; }

    /// <summary>A checker that sees only what a test feeds it.</summary>
    public T Attach<T>(T checker)
        where T : Checker
    {
        checker.Attach(new CheckedRun(Machine));
        return checker;
    }

    public void On(in Observed at, in BlockRequest what) => (Driver, Asker) = (at.Actor, at.Sender);

    public void Dispose() => _rig.Dispose();
}
