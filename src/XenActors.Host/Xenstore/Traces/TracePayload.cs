using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>Payloads out of a trace, where a NUL looks like a space.</summary>
internal static class TracePayload
{
    /// <summary>The request's bytes. A value's NULs stay spaces: nobody knows them.</summary>
    public static byte[] Of(XsWireType? type, string text) => Encoding.Latin1.GetBytes(type switch
    {
        XsWireType.Write => First(text),
        XsWireType.Watch or XsWireType.Unwatch => Last(First(text)),
        _ => text.Replace(' ', '\0'),
    });

    /// <summary>The first string and what is left of the text behind it.</summary>
    public static (string First, string Behind) Split(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (text, "") : (text[..space], text[(space + 1)..]);
    }

    /// <summary>Strings that each ended with a NUL.</summary>
    public static string[] Strings(string text) => text.Length == 0 ? [] : (text.EndsWith(' ') ? text[..^1] : text).Split(' ');

    private static string First(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? text : $"{text[..space]}\0{text[(space + 1)..]}";
    }

    private static string Last(string text) => text.EndsWith(' ') ? text[..^1] + "\0" : text;
}
