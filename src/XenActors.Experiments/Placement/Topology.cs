using System.Globalization;
using System.Text;
using XenActors.Simulation;

namespace XenActors.Experiments.Placement;

/// <summary>A placement in words: who runs where, what each node has to do, and what lies between nodes.</summary>
public static class Topology
{
    private const double NanosecondsOfASecond = 1e9;

    /// <param name="owners">The partition of each process.</param>
    /// <param name="each">Partitions of each node.</param>
    public static string Text(MeasuredLoad load, IReadOnlyList<int> owners, int nodes, int each)
    {
        var names = load.Simulator.ProcessNames;
        var width = Math.Max("process".Length, names.Max(n => n.Length));
        var all = Math.Max(1, load.Handled.Sum());
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"measured on one thread until {load.Simulator.Now}: {all} messages\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{"node",4}  {"partition",9}  {"process".PadRight(width)}  {"messages",9}  {"share",6}\n");
        foreach (var i in Enumerable.Range(1, names.Count - 1).OrderBy(i => owners[i]).ThenBy(i => i))
        {
            text.Append(CultureInfo.InvariantCulture, $"{owners[i] / each,4}  {owners[i],9}  {names[i].PadRight(width)}  {load.Handled[i],9}  {100.0 * load.Handled[i] / all,4:0.0} %\n");
        }

        long[] sums = [.. Enumerable.Range(0, nodes).Select(n => Enumerable.Range(0, names.Count).Where(i => owners[i] / each == n).Sum(i => load.Handled[i]))];
        text.Append(CultureInfo.InvariantCulture, $"\nthe busiest node handles {100.0 * sums.Max() / all:0.0} %: {(double)sums.Max() * nodes / all:0.00} times the mean\n");
        Cuts(text, load, owners, nodes, each);
        return text.ToString();
    }

    private static void Cuts(StringBuilder text, MeasuredLoad load, IReadOnlyList<int> owners, int nodes, int each)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{"cut",7}  {"links",5}  {"lookahead",11}  {"messages",9}  the least latency is between\n");
        var crossing = 0L;
        for (var a = 0; a < nodes; a++)
        {
            for (var b = a + 1; b < nodes; b++)
            {
                var cut = Cut(load, owners, p => p / each == a, p => p / each == b);
                crossing += cut.Messages;
                if (cut.Links > 0)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{$"{a} - {b}",7}  {cut.Links,5}  {cut.Least.Nanoseconds / 1e3,8:0.###} us  {cut.Messages,9}  {cut.Between}\n");
                }
            }
        }

        var virtualSeconds = load.Simulator.Now.Nanoseconds / NanosecondsOfASecond;
        var windows = NanosecondsOfASecond / load.Simulator.Lookahead.Nanoseconds;
        text.Append(CultureInfo.InvariantCulture, $"\n{crossing} messages have crossed, {(virtualSeconds > 0 ? crossing / virtualSeconds : 0):0} for each virtual second.\n");
        text.Append(CultureInfo.InvariantCulture, $"A window is {load.Simulator.Lookahead.Nanoseconds / 1e3:0.###} us, the least latency of all links: at most {windows:0} exchanges for each virtual second in which something happens.\n");
    }

    private static (int Links, VirtualDuration Least, long Messages, string Between) Cut(MeasuredLoad load, IReadOnlyList<int> owners, Func<int, bool> here, Func<int, bool> there)
    {
        var names = load.Simulator.ProcessNames;
        var (links, least, messages, between) = (0, new VirtualDuration(long.MaxValue), 0L, "");
        for (var i = 1; i < names.Count; i++)
        {
            for (var j = 1; j < names.Count; j++)
            {
                if (here(owners[i]) && there(owners[j]) && load.Simulator.Latency(i, j) is { } latency)
                {
                    links++;
                    messages += load.Sent(i, j) + load.Sent(j, i);
                    (least, between) = latency < least ? (latency, $"{names[i]} and {names[j]}") : (least, between);
                }
            }
        }

        return (links, least, messages, between);
    }
}
