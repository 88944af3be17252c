using System.Text;

namespace XenActors.Simulation.Generators;

/// <summary>Source text with its indentation.</summary>
internal sealed class CodeText
{
    private readonly StringBuilder text = new();
    private int depth;

    public CodeText Line(string line = "")
    {
        text.Append(' ', line.Length == 0 ? 0 : depth * 4).Append(line).Append('\n');
        return this;
    }

    public CodeText Open(string? line = null)
    {
        if (line is not null)
        {
            Line(line);
        }

        Line("{");
        depth++;
        return this;
    }

    public CodeText Close(string end = "}")
    {
        depth--;
        return Line(end);
    }

    public override string ToString() => text.ToString();
}
