using System.Globalization;
using System.Text;

namespace XenActors.Cli;

/// <summary>What goes to stderr.</summary>
internal static class Errors
{
    /// <summary>Writes a line. What quotes a file's bytes cannot move the cursor or colour the terminal.</summary>
    public static void Tell(string message) => Console.Error.WriteLine(Escape(message));

    /// <summary>The last word: when stderr itself is broken only the exit code is left.</summary>
    public static int End(int code, params ReadOnlySpan<string> messages)
    {
        try
        {
            foreach (var message in messages)
            {
                Tell(message);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // Nobody is left to tell.
        }

        return code;
    }

    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var paired = char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1]);
            _ = c switch
            {
                '\r' => escaped.Append(@"\r"),
                '\0' => escaped.Append(@"\0"),

                // A byte that is not UTF-8: see BootSession. U+FFFD stands for one that is no longer known.
                >= '\uDC80' and <= '\uDCFF' when !paired => escaped.Append(CultureInfo.InvariantCulture, $@"\x{c - 0xDC00:x2}"),
                '\uFFFD' => escaped.Append(@"\ufffd"),
                not ('\n' or '\t') when char.IsControl(c) => escaped.Append(CultureInfo.InvariantCulture, $@"\x{(int)c:x2}"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
