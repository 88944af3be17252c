using System.Text;
using XenActors.Abi;

namespace XenActors.Tests.Live.Differential;

/// <summary>Plays one sequence on the model and on daemons at once, and compares what every client is told, step by step.</summary>
internal sealed class SequenceRun(IReadOnlyList<Daemon> daemons, Tally tally)
{
    private readonly Model model = new();
    private readonly List<Step> played = [];
    private uint reqId;

    /// <summary>The steps that were played, with the transactions that they meant.</summary>
    public IReadOnlyList<Step> Played => played;

    /// <summary>What differed first, in words, or null.</summary>
    public string? Play(IReadOnlyList<Step> steps)
    {
        var generation = model.Calibrate();
        foreach (var daemon in daemons) daemon.Begin(generation);
        foreach (var step in steps.Where(step => !model.IsIdle(step)).Select(model.Resolve).Where(model.CanPlay))
        {
            played.Add(step);
            tally.Steps++;
            if (Difference(step) is { } difference) return difference;
        }

        foreach (var daemon in daemons)
        {
            foreach (var who in Who.Sockets.Concat(Who.Guests).Where(model.IsConnected))
            {
                List<WireText> rest = [];
                daemon.ReadRest(who, rest);
                if (rest.Count > 0) return $"at the end\n  {daemon.Name} has told {who} more: {string.Join("; ", rest)}";
            }
        }

        return null;
    }

    private string? Difference(Step step)
    {
        reqId++;
        var hasTransactions = model.TransactionCount > 0;
        var expected = model.Play(step, reqId);
        tally.Count(step as Ask, expected.Values.SelectMany(told => told));
        foreach (var daemon in daemons) daemon.Start(step, reqId);
        foreach (var daemon in daemons)
        {
            try
            {
                daemon.Finish(step);
                var asked = step as Ask;
                // Who asked has the reply first: then it has been done, and the others can be asked what they were told.
                IEnumerable<int> others = expected.Keys.Order();
                foreach (var number in asked is null ? others : others.Where(n => n != asked.Who.Number).Prepend(asked.Who.Number))
                {
                    var who = new Who(number);
                    var told = Told(daemon, who, asked, expected.GetValueOrDefault(number) ?? []);
                    var ours = (expected.GetValueOrDefault(number) ?? []).Select(t => KnownDifferences.Common(asked, t, 0, hasTransactions));
                    var theirs = told.Select(t => KnownDifferences.Common(asked, t, daemon.GenerationOffset, hasTransactions));
                    if (!ours.SequenceEqual(theirs)) return Tell(step, daemon, who, ours, theirs);
                }
            }
            catch (DaemonException silent)
            {
                return $"{step}\n  {daemon.Name}: {silent.Message}\n  the model: {string.Join("; ", expected.Values.SelectMany(t => t))}";
            }
        }

        return null;
    }

    // A client that is told something is asked for all of it, so that the next step finds no event waiting: what waits is merged.
    private static List<WireText> Told(Daemon daemon, Who who, Ask? asked, List<WireText> expected)
    {
        List<WireText> told = [];
        if (asked?.Who == who) daemon.ReadReply(who, told);
        if (asked?.Who != who || expected.Count == 0 || expected[^1].Type == XsWireType.WatchEvent) daemon.ReadRest(who, told);
        return told;
    }

    private static string Tell(Step step, Daemon daemon, Who who, IEnumerable<WireText> ours, IEnumerable<WireText> theirs)
    {
        var text = new StringBuilder($"{step}\n  to {who}\n");
        text.Append($"  the model:  {string.Join("; ", ours)}\n");
        text.Append($"  {daemon.Name}:  {string.Join("; ", theirs)}");
        return text.ToString();
    }
}
