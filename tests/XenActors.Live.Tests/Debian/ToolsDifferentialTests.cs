using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>Debian's tools do the same against our socket as against Debian's daemon.</summary>
public sealed class ToolsDifferentialTests
{
    private const DebianNeeds Both = DebianNeeds.Tools | DebianNeeds.Daemon;

    [DebianFact(Both)]
    public void Every_step_prints_and_returns_the_same()
    {
        using var real = new RealXenstored();
        using var ours = new RunningServer();
        var steps = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "xenstore-tools.steps")).Where(line => line.Length > 0 && line[0] != '#').ToArray();
        Assert.InRange(steps.Length, 250, 1000);
        // Each daemon has its history for itself; only the steps of one are in order.
        var expected = Task.Run(() => Array.ConvertAll(steps, step => StepsOfTools.Do(real.Socket, step)));
        var found = Array.ConvertAll(steps, step => StepsOfTools.Do(ours.Socket, step));
        var differences = steps.Zip(expected.Result, found).Where(step => step.Second != step.Third)
            .Select(step => $"{step.First}\n-- Debian's daemon:\n{step.Second}\n-- ours:\n{step.Third}").ToArray();
        Assert.True(differences.Length == 0, string.Join("\n\n", differences));
        Assert.Equal(default, ours.Counts);
    }
}
