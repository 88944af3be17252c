using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>A scenario and a seed in which a checker failed.</summary>
/// <param name="Document">What to run, its seed included.</param>
/// <param name="Events">Messages that the run had handled when it ended, at its first look after the violation.</param>
public sealed record Finding(string Source, ulong Seed, JsonObject Document, Violation Violation, Fingerprint Fingerprint, long Events)
{
    /// <summary>What it was before it was made smaller; null for what a swarm has found.</summary>
    public FoundAs? Origin { get; init; }

    /// <summary>Findings of one key are taken for the same: the checker, and its words without their numbers.</summary>
    public string Key => $"{Violation.Checker}: {WithoutNumbers(OneLine(Violation.Text))}";

    /// <summary>The name of its file without an extension.</summary>
    public string Name => $"{Violation.Checker}-{ShortName.Of(Key)}";

    /// <summary>The file: comments for people, and a scenario that replays it.</summary>
    /// <param name="finder">Who has found it; not told of what was made smaller.</param>
    public string Text(string finder = "xenactors swarm") =>
        $"""
        # {Violation.Checker} at {Violation.At}: {OneLine(Violation.Text)}
        # {How(finder)}; {Events} messages, fingerprint {Fingerprint}

        """ + ScenarioDocument.Write(Document);

    private string How(string finder) => Origin is { } origin
        ? string.Create(CultureInfo.InvariantCulture, $"shrunk in {origin.Runs} runs from {origin.Events} messages of {Source}, seed {origin.Seed}")
        : string.Create(CultureInfo.InvariantCulture, $"found by {finder}: {Source}, seed {Seed}");

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

/// <summary>What a finding was when the swarm found it.</summary>
/// <param name="Events">Messages until the violation.</param>
/// <param name="Runs">Runs that it took to make it smaller.</param>
public readonly record struct FoundAs(ulong Seed, long Events, int Runs);
