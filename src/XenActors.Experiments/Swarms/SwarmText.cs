using System.Globalization;
using System.Text;

namespace XenActors.Experiments.Swarms;

/// <summary>A swarm's outcome for people.</summary>
public static class SwarmText
{
    public static string Of(SwarmOutcome outcome)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{outcome.Done} seeds, {outcome.Events} messages, {outcome.VirtualSeconds:0} virtual seconds in {outcome.Wall.TotalSeconds:0.0} s: {outcome.Done / Math.Max(1e-9, outcome.Wall.TotalMinutes):0} seeds a minute, {outcome.VirtualSeconds / Math.Max(1e-9, outcome.Wall.TotalSeconds):0} virtual seconds a second; {outcome.Findings.Count} findings\n");
        foreach (var found in outcome.Findings)
        {
            if (found.Violation is not { } violation)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{found.Key}\n  found before; {found.File}\n");
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"\n{violation.Checker} at {violation.At}: {violation.Text}\n");
            text.Append(CultureInfo.InvariantCulture, $"  after {found.AfterSeeds} seeds, seed {found.Seed}, {found.Events} messages");
            text.Append(found.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"; shrunk to {found.ShrunkEvents} messages ({ratio:0.00} of them), {found.ShrunkLines} lines\n") : "\n");
            text.Append(CultureInfo.InvariantCulture, $"  xenactors run {found.File}\n");
        }

        if (outcome.MedianRatio is { } median)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nshrunk scenarios have {median:0.00} of their originals' messages in the median\n");
        }

        return text.ToString();
    }
}
