using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>Odd requests get the same answers from our socket as from Debian's daemon.</summary>
public sealed class EdgeDifferentialTests
{
    [DebianFact(DebianNeeds.Daemon)]
    public void Every_odd_request_gets_the_same_answer()
    {
        using var real = new RealXenstored();
        using var ours = new RunningServer();
        var steps = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "protocol-edges.steps")).Where(line => line.Length > 0 && line[0] != '#').ToArray();
        Assert.InRange(steps.Length, 250, 2000);
        var differences = new List<string>();
        using (var expected = new Conversation(real.Socket))
        using (var found = new Conversation(ours.Socket))
        {
            foreach (var step in steps)
            {
                var (right, mine) = (expected.Do(step), found.Do(step));
                if (right != mine) differences.Add($"{step}\n-- Debian's daemon: {right}\n-- ours:            {mine}");
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.Equal(default, ours.Counts);
    }
}
