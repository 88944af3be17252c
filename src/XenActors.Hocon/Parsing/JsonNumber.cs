namespace XenActors.Hocon;

/// <summary>JSON's grammar of numbers; text outside of it (<c>007</c>, <c>.5</c>, <c>1.</c>) is a string.</summary>
internal static class JsonNumber
{
    public static bool Matches(ReadOnlySpan<char> text)
    {
        var rest = text.StartsWith("-") ? text[1..] : text;
        var whole = Digits(rest);
        if (whole == 0 || (whole > 1 && rest[0] == '0'))
        {
            return false;
        }
        rest = rest[whole..];
        if (rest.StartsWith("."))
        {
            var fraction = Digits(rest[1..]);
            if (fraction == 0)
            {
                return false;
            }
            rest = rest[(fraction + 1)..];
        }
        if (rest.IsEmpty)
        {
            return true;
        }
        if (rest[0] is not ('e' or 'E'))
        {
            return false;
        }
        rest = rest[1..];
        if (rest.StartsWith("+") || rest.StartsWith("-"))
        {
            rest = rest[1..];
        }
        return !rest.IsEmpty && Digits(rest) == rest.Length;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
