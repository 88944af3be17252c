using System.Text.RegularExpressions;
using XenActors.Abi;

namespace XenActors.Tests.Xenstore;

/// <summary>
/// Feeds a real daemon's trace to the core and compares what every client got, in each client's order. The trace shows NULs as
/// spaces and leaves out transaction ids, so a request of a client with an open transaction is taken to belong to it; but who aborts
/// a transaction wrote nothing in it: a kernel's other thread did, outside.
/// Events of watches that are older than the trace are left out: nobody knows those watches.
/// </summary>
internal sealed partial class TraceReplay(Store store)
{
    private static readonly Dictionary<string, XsWireType> Types = Enum.GetValues<XsWireType>().ToDictionary(t => Plain(t.ToString()));

    private readonly Dictionary<string, int> clients = [];
    private readonly Dictionary<string, uint> open = [];
    private readonly Dictionary<string, List<string>> told = [];
    private readonly HashSet<string> aborting = [];
    private bool introducing;

    public int Agreed { get; private set; }

    public int EventsAgreed { get; private set; }

    public List<string> Differences { get; } = [];

    public void Run(string file)
    {
        var lines = GroundTruth.Lines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var parsed = Line().Match(line);
            if (line.Contains(" TRANSACTION_START (", StringComparison.Ordinal)) NoteEnd(parsed.Groups[2].Value, lines.AsSpan(i));
            if (parsed.Success) Step(parsed.Groups[1].Value, parsed.Groups[2].Value, parsed.Groups[3].Value, parsed.Groups[4].Value, line);
            else if (line.StartsWith("CREATE connection ", StringComparison.Ordinal)) Create(line.Split(' ')[2]);
            else if (line.StartsWith("DESTROY connection ", StringComparison.Ordinal)) Forget(line.Split(' ')[2]);
        }
    }

    private void NoteEnd(string client, ReadOnlySpan<string> rest)
    {
        aborting.Remove(client);
        foreach (var line in rest)
        {
            if (!line.StartsWith("IN " + client, StringComparison.Ordinal) || !line.Contains(" TRANSACTION_END (", StringComparison.Ordinal)) continue;
            if (line.EndsWith("(F )", StringComparison.Ordinal)) aborting.Add(client);
            return;
        }
    }

    private void Create(string client)
    {
        Forget(client);
        clients[client] = store.Core.Connect(introducing ? (ushort)29 : (ushort)0);
    }

    private void Forget(string client)
    {
        if (clients.Remove(client, out var conn)) store.Core.Disconnect(conn);
        open.Remove(client);
        told.Remove(client);
    }

    private void Step(string direction, string client, string operation, string text, string line)
    {
        if (!clients.ContainsKey(client)) clients[client] = store.Core.Connect(0);
        if (direction == "IN") Request(client, Types[Plain(operation)], text);
        else Compare(client, operation, text, line);
    }

    private void Request(string client, XsWireType type, string text)
    {
        introducing = type == XsWireType.Introduce;
        var payload = type == XsWireType.Write ? Regex.Replace(text, "^([^ ]*) ", "$1|") : text.Replace(' ', '|');
        var isElsewhere = type == XsWireType.TransactionStart || (type == XsWireType.Write && aborting.Contains(client));
        var tx = isElsewhere ? 0 : open.GetValueOrDefault(client);
        store.Send(clients[client], type, payload, tx);
        if (type == XsWireType.TransactionEnd) open.Remove(client);
        foreach (var (conn, output) in store.Output.Lines)
        {
            var name = clients.FirstOrDefault(c => c.Value == conn).Key;
            if (name is null) continue;
            if (!told.TryGetValue(name, out var list)) told[name] = list = [];
            list.Add(output);
            if (name == client && output.StartsWith("TransactionStart ", StringComparison.Ordinal)) open[client] = uint.Parse(output[17..^1]);
        }

        store.Output.Lines.Clear();
    }

    private void Compare(string client, string operation, string text, string line)
    {
        var ours = told.GetValueOrDefault(client) ?? [];
        if (operation == "WATCH_EVENT")
        {
            var parts = text.TrimEnd(' ').Split(' ');
            var known = $"event {parts[0]} {parts[1]}";
            var at = ours.IndexOf(known);
            if (at < 0) return; // an older watch, or an event merged while it waited
            if (ours.Take(at).Any(o => !o.StartsWith("event ", StringComparison.Ordinal))) Differences.Add($"{line}: too late");
            else EventsAgreed++;
            ours.RemoveAt(at);
            return;
        }

        var next = ours.FindIndex(o => !o.StartsWith("event ", StringComparison.Ordinal));
        var expected = $"{operation.Replace("_", "", StringComparison.Ordinal)} {text.Replace(' ', '|')}";
        var got = next < 0 ? "nothing" : ours[next].Replace(' ', '|');
        // A transaction's number counts from the connection's birth, before the trace; a value's own spaces look like NULs.
        if (operation == "TRANSACTION_START" && got.StartsWith("TransactionStart", StringComparison.Ordinal)) Agreed++;
        else if (string.Equals(expected.Replace(' ', '|'), got, StringComparison.OrdinalIgnoreCase)) Agreed++;
        else Differences.Add($"{line}: we said {got}");
        if (next >= 0) ours.RemoveAt(next);
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    [GeneratedRegex(@"^(IN|OUT) (0x[0-9a-f]+) \d+ [\d:]+ ([A-Z_]+) \((.*)\)$")]
    private static partial Regex Line();
}
