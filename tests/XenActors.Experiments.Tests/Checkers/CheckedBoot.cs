using XenActors.Experiments.Boot;
using XenActors.Experiments.Checkers;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Checkers;

/// <summary>A boot under checkers, in slices of 10 ms of virtual time.</summary>
internal static class CheckedBoot
{
    public static CheckedRun Run(BootSession session, IReadOnlyList<Checker> checkers, ulong seed = 1, EngineOptions? engine = null, Action<XenMachine>? prepare = null, double seconds = 40, bool end = true)
    {
        var machine = session.Build(seed, engine ?? EngineOptions.Sequential);
        var run = new CheckedRun(machine);
        foreach (var checker in checkers)
        {
            checker.Attach(run);
        }

        prepare?.Invoke(machine);
        Continue(run, checkers, seconds);
        if (end)
        {
            End(run, checkers);
        }

        return run;
    }

    public static void End(CheckedRun run, IReadOnlyList<Checker> checkers)
    {
        foreach (var checker in checkers)
        {
            checker.AtEnd(run);
        }
    }

    public static void Continue(CheckedRun run, IReadOnlyList<Checker> checkers, double seconds)
    {
        for (var slice = 0; slice < seconds * 100; slice++)
        {
            run.Simulator.RunFor(VirtualDuration.FromMilliseconds(10));
            foreach (var checker in checkers)
            {
                checker.AtSlice(run);
            }
        }
    }

    public static void Holds(IEnumerable<Checker> checkers)
    {
        foreach (var checker in checkers)
        {
            Assert.True(checker.Violations.Count == 0, $"{checker.Name}: {string.Join("; ", checker.Violations)}");
        }
    }
}
