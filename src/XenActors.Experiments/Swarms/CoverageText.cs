using System.Globalization;
using System.Text;

namespace XenActors.Experiments.Swarms;

/// <summary>What a swarm reached and what it never did, for people.</summary>
public static class CoverageText
{
    public static string Of(Coverage coverage)
    {
        var text = new StringBuilder();
        foreach (var section in CoverageSection.All(coverage))
        {
            Append(text, section);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, CoverageSection section)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{section.Title}: {section.Universe.Count - section.Never.Count} of {section.Universe.Count} reached ({section.Unit})\n");
        foreach (var (name, count) in section.Reached)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {count,12}  {name}\n");
        }

        foreach (var name in section.Never)
        {
            text.Append(CultureInfo.InvariantCulture, $"         never  {name}\n");
        }
    }
}
