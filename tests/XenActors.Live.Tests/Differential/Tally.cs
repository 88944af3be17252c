using System.Text;
using XenActors.Abi;

namespace XenActors.Tests.Live.Differential;

/// <summary>How often what was asked and how it was answered: sequences that only ever fail would compare nothing.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<XsWireType, SortedDictionary<string, int>> answers = [];

    public long Steps { get; set; }

    public long Events { get; private set; }

    public void Count(Ask? asked, IEnumerable<WireText> told)
    {
        foreach (var message in told)
        {
            if (message.Type == XsWireType.WatchEvent) Events++;
            else if (asked is not null) Count(asked.Type, message);
        }
    }

    /// <summary>How often a request had an answer; errors by name, the rest as <c>done</c>.</summary>
    public int Of(XsWireType type, string answer) => answers.GetValueOrDefault(type)?.GetValueOrDefault(answer) ?? 0;

    public override string ToString()
    {
        var text = new StringBuilder($"{Steps} steps, {Events} watch events\n");
        foreach (var (type, counts) in answers) text.Append($"{type}: {string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))}\n");
        return text.ToString();
    }

    private void Count(XsWireType type, WireText reply)
    {
        if (!answers.TryGetValue(type, out var counts)) answers.Add(type, counts = new(StringComparer.Ordinal));
        var answer = reply.Type == XsWireType.Error ? reply.Payload.TrimEnd('\0') : "done";
        counts[answer] = counts.GetValueOrDefault(answer) + 1;
    }
}
