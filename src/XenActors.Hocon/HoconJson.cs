using System.Globalization;
using System.Text;

namespace XenActors.Hocon;

/// <summary>Writes a resolved value as JSON: keys in their order, numbers as they were written, the same text every time.</summary>
public static class HoconJson
{
    private const int IndentWidth = 2;

    public static string Render(HoconValue value, bool pretty = false)
    {
        var output = new StringBuilder();
        Write(output, value, pretty, 0);
        return output.ToString();
    }

    internal static string Quote(string text)
    {
        var output = new StringBuilder(text.Length + 2);
        WriteString(output, text);
        return output.ToString();
    }

    private static void Write(StringBuilder output, HoconValue value, bool pretty, int depth)
    {
        switch (value)
        {
            case HoconObject at:
                WriteObject(output, at, pretty, depth);
                break;
            case HoconList list:
                WriteList(output, list, pretty, depth);
                break;
            case HoconScalar { Kind: HoconKind.String } text:
                WriteString(output, text.Text);
                break;
            case HoconScalar other:
                output.Append(other.Text);
                break;
            default:
                throw new InvalidOperationException($"no JSON for {value.GetType().Name}");
        }
    }

    private static void WriteObject(StringBuilder output, HoconObject at, bool pretty, int depth)
    {
        output.Append('{');
        var first = true;
        foreach (var (key, value) in at.Fields)
        {
            Separate(output, pretty, depth + 1, ref first);
            WriteString(output, key);
            output.Append(pretty ? ": " : ":");
            Write(output, value, pretty, depth + 1);
        }
        Close(output, pretty && !first, depth, '}');
    }

    private static void WriteList(StringBuilder output, HoconList list, bool pretty, int depth)
    {
        output.Append('[');
        var first = true;
        foreach (var value in list)
        {
            Separate(output, pretty, depth + 1, ref first);
            Write(output, value, pretty, depth + 1);
        }
        Close(output, pretty && !first, depth, ']');
    }

    private static void Separate(StringBuilder output, bool pretty, int depth, ref bool first)
    {
        if (!first)
        {
            output.Append(',');
        }
        first = false;
        if (pretty)
        {
            output.Append('\n').Append(' ', depth * IndentWidth);
        }
    }

    private static void Close(StringBuilder output, bool onOwnLine, int depth, char bracket)
    {
        if (onOwnLine)
        {
            output.Append('\n').Append(' ', depth * IndentWidth);
        }
        output.Append(bracket);
    }

    private static void WriteString(StringBuilder output, string text)
    {
        output.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                output.Append(c).Append(text[++i]);
            }
            else
            {
                WriteChar(output, c);
            }
        }
        output.Append('"');
    }

    private static void WriteChar(StringBuilder output, char c)
    {
        var shortForm = c switch { '"' => '"', '\\' => '\\', '\n' => 'n', '\r' => 'r', '\t' => 't', '\b' => 'b', '\f' => 'f', _ => '\0' };
        if (shortForm != '\0')
        {
            output.Append('\\').Append(shortForm);
        }
        else if (c < ' ' || c == '\x7f' || char.IsSurrogate(c))
        {
            // Half a surrogate pair has no UTF-8, so only the escape survives a file.
            output.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }
        else
        {
            output.Append(c);
        }
    }
}
