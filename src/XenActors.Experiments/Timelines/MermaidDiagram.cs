using System.Globalization;
using System.Text;

namespace XenActors.Experiments.Timelines;

/// <summary>An explanation as a Mermaid sequence diagram: actors as participants, messages as arrows, faults and violations as notes.</summary>
internal static class MermaidDiagram
{
    public static string Of(IReadOnlyList<ExplainedLine> lines)
    {
        var participants = new List<string>();
        foreach (var line in lines)
        {
            Involve(participants, line.From);
            Involve(participants, line.To);
        }

        var text = new StringBuilder("sequenceDiagram\n");
        for (var i = 0; i < participants.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    participant a{i} as {Escaped(participants[i])}\n");
        }

        foreach (var line in lines)
        {
            if (line.Kind == ExplainedKind.Message)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {Id(participants, line.From)}->>{Id(participants, line.To)}: ")
                    .Append(Escaped($"{line.At} {line.What}")).Append('\n');
            }

            Note(text, participants, line);
        }

        return text.ToString();
    }

    private static void Note(StringBuilder text, List<string> participants, ExplainedLine line)
    {
        if (participants.Count == 0)
        {
            return;
        }

        var over = line.To.Length == 0 ? Span("a0", $"a{participants.Count - 1}")
            : line.From.Length == 0 ? Id(participants, line.To)
            : Span(Id(participants, line.From), Id(participants, line.To));
        var words = line.Kind switch
        {
            ExplainedKind.Fault => $"{line.At} fault: {line.What}",
            ExplainedKind.Command => $"{line.At} typed: {line.What}",
            ExplainedKind.Violation => $"{line.At} violation of {line.Why}: {line.What}",
            _ => line.Why,
        };
        text.Append("    Note over ").Append(over).Append(": ").Append(Escaped(words)).Append('\n');
    }

    private static string Span(string first, string last) => first == last ? first : $"{first},{last}";

    private static void Involve(List<string> participants, string actor)
    {
        if (actor.Length > 0 && !participants.Contains(actor))
        {
            participants.Add(actor);
        }
    }

    private static string Id(List<string> participants, string actor) => string.Create(CultureInfo.InvariantCulture, $"a{participants.IndexOf(actor)}");

    // What ends a statement, begins a comment or is markup is written as the syntax's entity codes.
    private static string Escaped(string words)
    {
        var text = new StringBuilder();
        foreach (var c in words)
        {
            text.Append(c switch
            {
                '#' => "#35;",
                ';' => "#59;",
                '%' => "#37;",
                '<' => "#lt;",
                '>' => "#gt;",
                '&' => "#amp;",
                _ when char.IsControl(c) => " ",
                _ => c.ToString(),
            });
        }

        return text.ToString();
    }
}
