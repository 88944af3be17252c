namespace XenActors.Tests.Xenstore;

public sealed class TraceReplayTests(Xunit.Abstractions.ITestOutputHelper log)
{
    [Fact]
    public void Creating_and_booting_a_domain_gets_the_real_daemons_replies_and_tree()
    {
        var store = new Store();
        GroundTruth.Load(store, "A0.xenstore-dom0-only.txt");
        store.Output.Lines.Clear();
        var replay = new TraceReplay(store);
        replay.Run("A1.trace-create-paused.txt");
        log.WriteLine($"create: {replay.Agreed} replies and {replay.EventsAgreed} events agree, {replay.Differences.Count} differ");
        Assert.Equal("", Diff("A1.xenstore-paused.txt", store.Tree()));
        replay.Run("A2.trace-boot.txt");
        log.WriteLine($"create and boot: {replay.Agreed} replies and {replay.EventsAgreed} events agree, {replay.Differences.Count} differ");
        foreach (var difference in replay.Differences) log.WriteLine(difference);
        Assert.Equal("", Diff("A2.xenstore-running.txt", store.Tree()));
        Assert.Empty(replay.Differences);
        Assert.True(replay.Agreed > 1000);
    }

    private static string Diff(string file, string tree)
    {
        var real = GroundTruth.Lines(file);
        var ours = tree.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < Math.Max(real.Length, ours.Length); i++)
        {
            var (r, o) = (i < real.Length ? real[i] : "nothing", i < ours.Length ? ours[i] : "nothing");
            if (r != o) return $"line {i + 1}: real {r}, ours {o}";
        }

        return "";
    }
}
