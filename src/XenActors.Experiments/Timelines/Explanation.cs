using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using XenActors.Experiments.Checkers;
using XenActors.Simulation;

namespace XenActors.Experiments.Timelines;

/// <summary>
/// The decisive events of a run that has violated something: its faults, what happened to the devices and actors that violations and faults
/// name, and what led there, in the order of time.
/// </summary>
public sealed partial record Explanation
{
    public const int LinesUsual = 40;

    /// <summary>Of a message no more than this is shown in a line.</summary>
    private const int WhatMax = 84;

    /// <summary>Violations of one checker that are told; the others are counted.</summary>
    private const int AlikeMax = 3;

    private Explanation(IReadOnlyList<ExplainedLine> lines) => Lines = lines;

    public IReadOnlyList<ExplainedLine> Lines { get; }

    /// <summary>What is explained; empty for nothing.</summary>
    public string Title { get; init; } = "";

    /// <param name="records">The run's trace, or what <see cref="RunWindow"/> has kept of it; in order.</param>
    /// <param name="deeds">What was done to the run and when: faults were installed, acted, were healed; commands were typed.</param>
    /// <param name="linesMax">At least the violations are told.</param>
    public static Explanation Of(
        IReadOnlyList<TraceRecord> records, IReadOnlyList<(VirtualTime At, ExplainedKind Kind, string Text)> deeds, IReadOnlyList<Violation> violations, int linesMax = LinesUsual)
    {
        var until = violations.Count == 0 ? VirtualTime.Never : violations.Max(v => v.At);
        var before = records.TakeWhile(r => r.Time <= until).ToList();
        var subjects = new Subjects();
        foreach (var violation in violations)
        {
            subjects.Add(violation.Text);
        }

        // Whoever a fault has hit is of interest too; where violations name nobody, they are the only trace.
        foreach (var (_, _, text) in deeds)
        {
            subjects.Add(text);
        }

        subjects.AddDevicesOfJobs(before);
        var told = Alike(violations);
        var marks = Marks(deeds, told, until, before, Math.Max(told.Count, linesMax / 2));
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
        if (Title.Length > 0)
        {
            text.Append(Title).Append('\n');
        }

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
                case ExplainedKind.Command:
                    text.Append("*** typed: ").Append(line.What);
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

    // Of many that are alike the first, and how many there are.
    private static List<Violation> Alike(IReadOnlyList<Violation> violations)
    {
        var told = new List<Violation>();
        foreach (var group in violations.GroupBy(v => v.Checker))
        {
            var all = group.ToList();
            told.AddRange(all.Count <= AlikeMax + 1 ? all : all.Take(AlikeMax));
            if (all.Count > AlikeMax + 1)
            {
                told.Add(all[^1] with { Text = string.Create(CultureInfo.InvariantCulture, $"and {all.Count - AlikeMax} more, the last: {all[^1].Text}") });
            }
        }

        return told;
    }

    // The first faults and the last: what was installed, and what acted just before.
    private static List<ExplainedLine> Marks(
        IReadOnlyList<(VirtualTime At, ExplainedKind Kind, string Text)> deeds, IReadOnlyList<Violation> violations, VirtualTime until, List<TraceRecord> records, int max)
    {
        var actors = new SortedSet<string>(records.Select(r => r.Actor), StringComparer.Ordinal);
        var told = deeds.Where(f => f.At <= until).ToList();
        var room = Math.Max(0, max - violations.Count);
        if (told.Count > room)
        {
            told = [.. told.Take(room / 2), .. told.Skip(told.Count - (room - (room / 2)))];
        }

        var lines = told.Select(f => new ExplainedLine(f.At, f.Kind, "", Named(f.Text, actors), f.Text, f.Kind == ExplainedKind.Fault ? "fault" : "typed"))
            .Concat(violations.Select(v => new ExplainedLine(v.At, ExplainedKind.Violation, "", Named(v.Text, actors), v.Text, v.Checker)));
        return [.. lines.OrderBy(l => l.At).ThenBy(l => l.Kind)];
    }

    // Between runs a fault acts before what comes next; what a checker has seen had happened by then.
    private static bool IsBefore(ExplainedLine mark, in TraceRecord record) =>
        mark.At < record.Time || (mark.At == record.Time && mark.Kind != ExplainedKind.Violation);

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
        text = string.Concat(Unreadable().Replace(text, "").Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= WhatMax ? text : text[..(WhatMax - 3)] + "...";
    }

    // Bytes of pages and rings, and lists that have no words: the trace has them.
    [GeneratedRegex(@" [0-9A-F]{16,}|(?<=\{) \w+ = System\.Collections[\w.]*`1\[[^\]]*\],?|, \w+ = System\.Collections[\w.]*`1\[[^\]]*\]")]
    private static partial Regex Unreadable();

    private int Width(Func<ExplainedLine, string> column) =>
        Lines.Where(l => l.Kind == ExplainedKind.Message).Select(l => column(l).Length).DefaultIfEmpty(0).Max();
}
