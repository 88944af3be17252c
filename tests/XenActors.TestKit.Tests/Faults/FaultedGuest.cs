using XenActors.Experiments.Faults;
using XenActors.Experiments.Fio;
using XenActors.Simulation;
using XenActors.TestKit.Machines;
using XenActors.Tests.TestKit.Machines;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Faults;

/// <summary>Tests that run jobs on a booted guest's disk while something goes wrong.</summary>
public abstract class FaultedGuest(ITestOutputHelper output) : SmallGuest(output)
{
    /// <summary>Writes with stamps that are read back.</summary>
    protected const string Writer = "jobs { w { filename = xvda2, rw = randrw, bs = 4k, iodepth = 8, direct = 1, size = 1m, fsync = 16, verify = stamp } }";

    protected GuestHandle Booted(MachineTest? machine = null)
    {
        var guest = Small(machine);
        guest.RunToEnd();
        guest.AssertBooted();
        return guest;
    }

    protected FioRun Job(string text = Writer, MachineTest? machine = null)
    {
        machine ??= this;
        return FioRun.Start(machine.Machine, FioJobFile.Parse(text, "job"), machine.Session!.Host);
    }

    protected static FioState State(FioRun run) => run.StatesOf(run.Jobs[0])[0];

    /// <summary>All of its parameters are as usual, except what has to be named.</summary>
    protected Fault Usual(string kind, MachineTest? machine = null)
    {
        var parameters = new List<(string, string)>();
        foreach (var parameter in FaultCatalog.Require(kind, "test").Parameters.Where(p => p.Default is null))
        {
            parameters.Add((parameter.Name, parameter.Value == FaultValue.Device ? "small/hda" : "small"));
        }

        return (machine ?? this).Inject(kind, [.. parameters]);
    }

    protected bool Finishes(FioRun run)
    {
        var done = false;
        Guard(() => done = run.ToTheEnd(null, CancellationToken.None));
        return done;
    }
}
