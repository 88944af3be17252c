using System.Globalization;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>xenstore-watch beside other processes that change what it watches.</summary>
public sealed class WatchDifferentialTests
{
    private static readonly string[] Marker = ["/other", "/other"];

    // A watch of several nodes, what others do, and how many lines each of it adds.
    private static readonly string[] Watched = ["/w", "/w/deep/er", "/other", "rel", "@releaseDomain", "/"];

    private static readonly (string Step, int Lines)[] Steps =
    [
        ("xenstore-write /w/a 1", 2),
        ("xenstore-write /w/a 1", 2),
        ("xenstore-write /w/deep/er/still 1 /w/b 2", 5),
        ("xenstore-chmod /w/a n0 r5", 2),
        ("xenstore-chmod -r /w n0 r6", 14),
        ("xenstore-rm /w/deep", 3),
        ("xenstore-write rel/x 1", 2),
        ("xenstore-rm /w", 2),
        ("xenstore-write /w ''", 2),
        ("> Introduce 5|1|1|", 0),
        ("> Release 5|", 1),
        ("xenstore-write /unwatched 1", 1),
    ];

    [DebianFact(DebianNeeds.Tools | DebianNeeds.Daemon)]
    public void Xenstore_watch_prints_the_same_events_in_the_same_order()
    {
        using var real = new RealXenstored();
        using var ours = new RunningServer();
        var expected = Watch(real.Socket);
        Assert.Equal(expected, Watch(ours.Socket));
        Assert.Equal(default, ours.Counts);
    }

    private static List<string> Watch(string socket)
    {
        var total = Watched.Length + Steps.Sum(step => step.Lines + Marker.Length);
        using var watch = DebianTools.Start(socket, "xenstore-watch", ["-n", total.ToString(CultureInfo.InvariantCulture), .. Watched]);
        var lines = new List<string>();
        Take(Watched.Length);
        foreach (var (step, count) in Steps)
        {
            StepsOfTools.Do(socket, step);
            Take(count);
            // Had the step told more or less, this would not come next.
            StepsOfTools.Do(socket, "xenstore-write /other ''");
            Take(Marker.Length);
            Assert.Equal(Marker, lines[^Marker.Length..]);
        }

        lines.Add($"{watch.StandardOutput.ReadToEnd()}{watch.StandardError.ReadToEnd()}");
        watch.WaitForExit();
        lines[^1] += watch.ExitCode;
        return lines;

        void Take(int count)
        {
            for (; count > 0; count--) lines.Add(watch.StandardOutput.ReadLine() ?? "nothing");
        }
    }
}
