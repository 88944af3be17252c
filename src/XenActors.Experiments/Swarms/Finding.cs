using System.Text;
using System.Text.Json.Nodes;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>A scenario and a seed in which a checker failed.</summary>
/// <param name="Document">What to run, its seed included.</param>
public sealed record Finding(string Source, ulong Seed, JsonObject Document, Violation Violation, Fingerprint Fingerprint, long Events)
{
    /// <summary>Findings of one key are taken for the same: the checker, and its words without their numbers.</summary>
    public string Key => $"{Violation.Checker}: {WithoutNumbers(OneLine(Violation.Text))}";

    /// <summary>The name of its file without an extension.</summary>
    public string Name => $"{Violation.Checker}-{ShortName.Of(Key)}";

    /// <summary>The file: comments for people, and a scenario that replays it.</summary>
    public string Text(string how) =>
        $"""
        # {Violation.Checker} at {Violation.At}: {OneLine(Violation.Text)}
        # {how}: {Source}, seed {Seed}; {Events} messages, fingerprint {Fingerprint}

        """ + ScenarioDocument.Write(Document);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string WithoutNumbers(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var kept = char.IsAsciiDigit(c) ? '#' : c;
            if (kept != '#' || key.Length == 0 || key[^1] != '#')
            {
                key.Append(kept);
            }
        }

        return key.ToString();
    }
}
