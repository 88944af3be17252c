using System.Text.RegularExpressions;

namespace XenActors.Cluster;

/// <summary>
/// What <c>mpirun</c> says on stderr, told apart from what its processes say there: a notice of Open MPI stands between two lines of dashes. Of those about
/// ended processes only which one it was and why is kept, because our own lines say the rest; all others are handed on.
/// </summary>
internal sealed partial class MpiNotices(Action<string> handOn)
{
    private const int RuleMin = 70;

    // Open MPI 4 (help-orterun.txt) and 5 (help-prun.txt) agree in these words.
    private static readonly string[] AboutTheEnd =
        ["non-zero", "job has been aborted", "noticed that process rank", "exiting improperly", "MPI_ABORT was invoked", "exiting without calling"];

    private List<string>? _notice;

    /// <summary>The first process that did not end by itself; null while there is none.</summary>
    public string? Lost { get; private set; }

    public void Line(string line)
    {
        var rule = line.Length >= RuleMin && line.AsSpan().Trim().TrimStart('-').IsEmpty;
        if (_notice is null)
        {
            if (rule)
            {
                _notice = [];
            }
            else if (!AboutNotices().IsMatch(line))
            {
                handOn(line);
            }
        }
        else if (rule)
        {
            End();
        }
        else
        {
            _notice.Add(line);
        }
    }

    /// <summary>No more lines come.</summary>
    public void End()
    {
        var lines = _notice ?? [];
        _notice = null;
        var text = string.Join(' ', lines.Select(l => l.Trim()));
        if (OnSignal().Match(text) is { Success: true } signal)
        {
            Lost ??= $"node {signal.Groups["rank"]} ({signal.Groups["host"]}) was ended by signal {signal.Groups["signal"]}";
        }
        else if (Improperly().Match(text) is { Success: true } left)
        {
            Lost ??= $"node {left.Groups["rank"]} ({left.Groups["host"]}) left the run before its end";
        }
        else if (Unreachable().IsMatch(text))
        {
            Lost ??= "a machine of the run is not reached any more";
        }
        else if (!AboutTheEnd.Any(w => text.Contains(w, StringComparison.Ordinal)))
        {
            lines.ForEach(handOn);
        }
    }

    [GeneratedRegex(@"process rank (?<rank>\d+) with PID \d+ on node (?<host>\S+) exited on signal (?<signal>\d+( \([^)]+\))?)")]
    private static partial Regex OnSignal();

    [GeneratedRegex(@"process rank (?<rank>\d+) with PID \d+ on node (?<host>\S+) exiting improperly")]
    private static partial Regex Improperly();

    // mpirun tells once what several processes have said, and then how many they were.
    [GeneratedRegex(@"^\[[^\]]+:\d+\] (\d+ more process(es have| has) sent help message|Set MCA parameter .+ to see all help)")]
    private static partial Regex AboutNotices();

    [GeneratedRegex("lost communication with (a|the) (remote )?daemon")]
    private static partial Regex Unreachable();
}
