using System.Text.RegularExpressions;
using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>Reads a trace as C xenstored writes it with <c>-T</c>. The text is bytes as Latin-1 characters.</summary>
public static partial class TraceParser
{
    // What the daemon writes between, about itself.
    private static readonly string[] Remarks =
    [
        "wrl:", "write rate limit:", "***", "Checking store", "check_store:", "clean_store:", "treewalk:", "orphaned node", "error when", "corruption detected", "TDB:", "talloc",
        "Domain ", "Node \"", "CREATE watch ", "DESTROY watch ", "CREATE transaction ", "DESTROY transaction ", "live-update:", "Accounting called", "watch event path", "dropping duplicate watch",
        "Stalling connection", "Delaying transaction", "xenstored:",
    ];

    /// <exception cref="TraceSyntaxException">A line is nothing that the daemon writes.</exception>
    public static IReadOnlyList<TraceEntry> Parse(string text)
    {
        var lines = text.Split('\n');
        var entries = new List<TraceEntry>();
        for (var i = 0; i < lines.Length;)
        {
            var line = lines[i];
            // A daemon that is killed leaves its last line torn.
            var isTorn = i == lines.Length - 1 && entries.Count > 0 && !line.EndsWith(')');
            if (line.Length == 0 || isTorn || IsRemark(line))
            {
                i++;
                continue;
            }

            if (Life().Match(line) is { Success: true } life)
            {
                var kind = life.Groups["kind"].Value switch { "CREATE connection" => TraceKind.Created, "DESTROY connection" => TraceKind.Destroyed, _ => TraceKind.Ignored };
                entries.Add(new(i + 1, kind, life.Groups["conn"].Value));
                i++;
                continue;
            }

            entries.Add(Message(lines, ref i));
        }

        Pair(entries);
        return entries;
    }

    private static bool IsRemark(string line) => Array.Exists(Remarks, r => line.StartsWith(r, StringComparison.Ordinal));

    private static bool Begins(string line) => IsRemark(line) || Life().IsMatch(line) || MessageStart().IsMatch(line);

    private static TraceEntry Message(string[] lines, ref int at)
    {
        var first = at;
        var head = Head().Match(lines[at]);
        if (!head.Success) throw Wrong(lines[at], at);
        var name = head.Groups["type"];
        if (!TraceNames.TryParse(name.Value, out var type)) throw new TraceSyntaxException(at + 1, name.Index + 1, $"expected a message type such as READ but found {name.Value}");

        // A payload's own line feeds are not escaped: it goes on to the last closing parenthesis before something else begins.
        var last = at;
        for (var next = at + 1; next < lines.Length && !Begins(lines[next]); next++)
        {
            if (lines[next].EndsWith(')')) last = next;
        }

        if (last == at && !lines[at].EndsWith(')')) throw new TraceSyntaxException(at + 1, lines[at].Length + 1, "expected ) behind the payload");
        var text = string.Join('\n', lines[at..(last + 1)])[head.Length..^1];
        at = last + 1;
        return new(first + 1, head.Groups["way"].Value == "IN" ? TraceKind.In : TraceKind.Out, head.Groups["conn"].Value, type, text);
    }

    private static TraceSyntaxException Wrong(string line, int at)
    {
        foreach (var way in (string[])["IN ", "OUT ", "CREATE connection ", "DESTROY connection ", "CONN "])
        {
            if (!line.StartsWith(way, StringComparison.Ordinal)) continue;
            var rest = line[way.Length..];
            return Pointer().Match(rest) is not { Success: true } pointer
                ? new(at + 1, way.Length + 1, $"expected a connection such as 0x55f30c66bdb0 but found {Found(rest)}")
                : new(at + 1, way.Length + pointer.Length + 1, $"expected a date, a time, a message type and a payload in parentheses but found {Found(rest[pointer.Length..])}");
        }

        return new(at + 1, 1, $"expected a line of xenstored's trace (IN, OUT, CREATE, DESTROY, ...) but found {Found(line)}");
    }

    private static string Found(string text) => text.Length == 0 ? "nothing" : text.Length <= 40 ? text : text[..40] + "...";

    // A connection's replies come in its requests' order.
    private static void Pair(List<TraceEntry> entries)
    {
        var waiting = new SortedDictionary<string, Queue<TraceEntry>>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!waiting.TryGetValue(entry.Connection, out var queue)) waiting[entry.Connection] = queue = new();
            if (entry.Kind == TraceKind.In) queue.Enqueue(entry);
            else if (!entry.IsReply) queue = entry.Kind == TraceKind.Out ? queue : waiting[entry.Connection] = new();
            else if (queue.TryDequeue(out var request)) (request.Partner, entry.Partner) = (entry, request);
        }
    }

    [GeneratedRegex(@"^(?<way>IN|OUT) (?<conn>0x[0-9a-f]+) \d{8} \d\d:\d\d:\d\d (?<type>[A-Z_*]+) \(")]
    private static partial Regex Head();

    [GeneratedRegex(@"^(?<kind>CREATE connection|DESTROY connection|CONN) (?<conn>0x[0-9a-f]+)( ignored, reason \d+)?$")]
    private static partial Regex Life();

    [GeneratedRegex("^(IN|OUT) 0x[0-9a-f]+ ")]
    private static partial Regex MessageStart();

    [GeneratedRegex("^0x[0-9a-f]+( |$)")]
    private static partial Regex Pointer();
}
