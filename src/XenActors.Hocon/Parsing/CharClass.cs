using System.Globalization;

namespace XenActors.Hocon;

/// <summary>The specification's classes of characters.</summary>
internal static class CharClass
{
    private const char ByteOrderMark = '\ufeff';

    /// <summary>Whitespace other than the newline, which is a separator.</summary>
    public static bool IsWhitespace(char c)
    {
        if (c < '\x80')
        {
            return c is ' ' or '\t' or '\v' or '\f' or '\r' or (>= '\x1c' and <= '\x1f');
        }
        return c == ByteOrderMark || char.GetUnicodeCategory(c) is
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }

    /// <summary>Characters that an unquoted string cannot hold; some are syntax, the others are reserved.</summary>
    public static bool IsForbidden(char c) => "$\"{}[]:=,+#`^?!@*&\\".Contains(c);
}
