using System.Globalization;
using System.Text;

namespace XenActors.Hocon;

/// <summary>The inside of a JSON string.</summary>
internal static class QuotedText
{
    /// <summary>Reads from behind the opening quote to behind the closing one, or says what is wrong at which position.</summary>
    public static (string Value, int End, int ProblemAt, string? Problem) Read(string text, int start)
    {
        StringBuilder? unescaped = null;
        var plain = start;
        for (var at = start; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '"')
            {
                var tail = text[plain..at];
                return (unescaped is null ? tail : unescaped.Append(tail).ToString(), at + 1, 0, null);
            }
            if (c == '\n')
            {
                return Wrong(at, "expected '\"' to close the string but found end of line");
            }
            if (c < ' ')
            {
                return Wrong(at, $"expected an escape such as \\u{(int)c:x4} but found a control character in a quoted string");
            }
            if (c != '\\')
            {
                continue;
            }
            (unescaped ??= new StringBuilder()).Append(text, plain, at - plain);
            var length = ReadEscape(text, at + 1, unescaped);
            if (length == 0)
            {
                return Wrong(at, "expected an escape (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX) but found another character after '\\'");
            }
            at += length;
            plain = at + 1;
        }
        return Wrong(text.Length, "expected '\"' to close the string but found end of file");
    }

    private static (string, int, int, string?) Wrong(int at, string problem) => ("", 0, at, problem);

    // How many characters after the backslash were used; 0 for none that is an escape.
    private static int ReadEscape(string text, int at, StringBuilder output)
    {
        if (at >= text.Length)
        {
            return 0;
        }
        if (text[at] == 'u')
        {
            if (at + 5 > text.Length
                || !ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                return 0;
            }
            output.Append((char)code);
            return 5;
        }
        var c = text[at] switch
        {
            '"' => '"', '\\' => '\\', '/' => '/', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => '\0',
        };
        if (c == '\0')
        {
            return 0;
        }
        output.Append(c);
        return 1;
    }
}
