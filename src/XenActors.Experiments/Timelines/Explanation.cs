using System.Text;
using XenActors.Experiments.Checkers;
using XenActors.Simulation;

namespace XenActors.Experiments.Timelines;

/// <summary>
/// The decisive events of a run that has violated something: its faults, what happened to the devices and actors that violations and faults
/// name, and what led there, in the order of time.
/// </summary>
public sealed class Explanation
{
    public const int LinesUsual = 40;

    /// <summary>Of a message no more than this is shown in a line.</summary>
    private const int WhatMax = 84;

    private Explanation(IReadOnlyList<ExplainedLine> lines) => Lines = lines;

    public IReadOnlyList<ExplainedLine> Lines { get; }

    /// <param name="records">The run's trace, or what <see cref="RunWindow"/> has kept of it; in order.</param>
    /// <param name="faults">What faults did and when: installed, acted, healed.</param>
    /// <param name="linesMax">At least the violations are told.</param>
    public static Explanation Of(
        IReadOnlyList<TraceRecord> records, IReadOnlyList<(VirtualTime At, string Text)> faults, IReadOnlyList<Violation> violations, int linesMax = LinesUsual)
    {
        var until = violations.Count == 0 ? VirtualTime.Never : violations.Max(v => v.At);
        var before = records.TakeWhile(r => r.Time <= until).ToList();
        var subjects = new Subjects();
        foreach (var violation in violations)
        {
            subjects.Add(violation.Text);
        }

        // Whoever a fault has hit is of interest too; where violations name nobody, they are the only trace.
        foreach (var (_, text) in faults)
        {
            subjects.Add(text);
        }

        var marks = Marks(faults, violations, until, before, Math.Max(violations.Count, linesMax / 2));
        var picked = DecisiveEvents.Pick(before, subjects, Math.Max(0, linesMax - marks.Count));
        var lines = new List<ExplainedLine>();
        var mark = 0;
        foreach (var (place, why) in picked)
        {
            var record = before[place];
            for (; mark < marks.Count && IsBefore(marks[mark], in record); mark++)
            {
                lines.Add(marks[mark]);
            }

            lines.Add(new(record.Time, ExplainedKind.Message, record.Sender, record.Actor, What(in record), why));
        }

        lines.AddRange(marks.Skip(mark));
        return new(lines);
    }

    /// <summary>One line an event: time, from whom to whom, what, and why it is here.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        var (from, to) = (Width(l => l.From), Width(l => l.To));
        var what = Lines.Where(l => l.Kind == ExplainedKind.Message).Select(l => l.What.Length).DefaultIfEmpty(0).Max();
        foreach (var line in Lines)
        {
            text.Append($"{line.At,15}  ");
            switch (line.Kind)
            {
                case ExplainedKind.Fault:
                    text.Append("*** fault: ").Append(line.What);
                    break;
                case ExplainedKind.Violation:
                    text.Append("!!! ").Append(line.Why).Append(": ").Append(line.What);
                    break;
                default:
                    var arrow = line.From == line.To ? "@ " : "->";
                    text.Append(line.From.PadRight(from)).Append(' ').Append(arrow).Append(' ').Append(line.To.PadRight(to)).Append("  ")
                        .Append(line.What.PadRight(what)).Append("  ").Append(line.Why);
                    break;
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The same as a sequence diagram (mermaid.js.org/syntax/sequenceDiagram.html).</summary>
    public string Mermaid() => MermaidDiagram.Of(Lines);

    // The first faults and the last: what was installed, and what acted just before.
    private static List<ExplainedLine> Marks(
        IReadOnlyList<(VirtualTime At, string Text)> faults, IReadOnlyList<Violation> violations, VirtualTime until, List<TraceRecord> records, int max)
    {
        var actors = new SortedSet<string>(records.Select(r => r.Actor), StringComparer.Ordinal);
        var told = faults.Where(f => f.At <= until).ToList();
        var room = Math.Max(0, max - violations.Count);
        if (told.Count > room)
        {
            told = [.. told.Take(room / 2), .. told.Skip(told.Count - (room - (room / 2)))];
        }

        var lines = told.Select(f => new ExplainedLine(f.At, ExplainedKind.Fault, "", Named(f.Text, actors), f.Text, "fault"))
            .Concat(violations.Select(v => new ExplainedLine(v.At, ExplainedKind.Violation, "", Named(v.Text, actors), v.Text, v.Checker)));
        return [.. lines.OrderBy(l => l.At).ThenBy(l => l.Kind)];
    }

    // Between runs a fault acts before what comes next; what a checker has seen had happened by then.
    private static bool IsBefore(ExplainedLine mark, in TraceRecord record) =>
        mark.At < record.Time || (mark.At == record.Time && mark.Kind == ExplainedKind.Fault);

    private static string Named(string text, SortedSet<string> actors)
    {
        var subjects = new Subjects();
        subjects.Add(text);
        return actors.FirstOrDefault(subjects.Has) ?? "";
    }

    private static string What(in TraceRecord record)
    {
        var name = MessageNames.Short(record.Message);
        var text = record.Text.StartsWith(name, StringComparison.Ordinal) ? record.Text : $"{name} {record.Text}";
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= WhatMax ? text : text[..(WhatMax - 3)] + "...";
    }

    private int Width(Func<ExplainedLine, string> column) =>
        Lines.Where(l => l.Kind == ExplainedKind.Message).Select(l => column(l).Length).DefaultIfEmpty(0).Max();
}
