namespace XenActors.Toolstack.Xl;

/// <summary>C's strtol and strtoul, which xl uses for every number, with their blanks, signs and prefixes.</summary>
internal static class CNumber
{
    /// <summary>Reads a signed 64-bit number.</summary>
    /// <returns>The index of the first character that does not belong to it; 0 if there is none.</returns>
    public static int Parse(string text, int radix, out long value, out bool outOfRange)
    {
        var end = Scan(text, radix, out var magnitude, out var negative, out outOfRange);
        var limit = negative ? 1UL << 63 : (1UL << 63) - 1;
        outOfRange |= magnitude > limit;
        if (outOfRange)
        {
            value = negative ? long.MinValue : long.MaxValue;
        }
        else
        {
            // Two's complement on purpose: -2^63 has no positive twin.
            value = unchecked(negative ? -(long)magnitude : (long)magnitude);
        }

        return end;
    }

    public static int Parse(string text, int radix, out long value) => Parse(text, radix, out value, out _);

    /// <summary>Reads an unsigned 64-bit number; like C's, a minus sign wraps it round.</summary>
    public static int ParseUnsigned(string text, int radix, out ulong value, out bool outOfRange)
    {
        var end = Scan(text, radix, out value, out var negative, out outOfRange);
        if (outOfRange)
        {
            value = ulong.MaxValue;
        }
        else if (negative)
        {
            value = unchecked(0UL - value);
        }

        return end;
    }

    private static int Scan(string text, int radix, out ulong value, out bool negative, out bool outOfRange)
    {
        value = 0;
        outOfRange = false;
        var at = 0;
        while (at < text.Length && text[at] is ' ' or (>= '\t' and <= '\r'))
        {
            at++;
        }

        negative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is '+' or '-')
        {
            at++;
        }

        var hex = at + 2 < text.Length && text[at] == '0' && text[at + 1] is 'x' or 'X' && Digit(text[at + 2]) < 16;
        if (hex && radix is 0 or 16)
        {
            at += 2;
            radix = 16;
        }
        else if (radix == 0)
        {
            radix = at < text.Length && text[at] == '0' ? 8 : 10;
        }

        var first = at;
        for (; at < text.Length && Digit(text[at]) < radix; at++)
        {
            var digit = (ulong)Digit(text[at]);
            outOfRange |= value > (ulong.MaxValue - digit) / (ulong)radix;
            value = outOfRange ? 0 : value * (ulong)radix + digit;
        }

        return at == first ? 0 : at;
    }

    private static int Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'z' => c - 'a' + 10,
        >= 'A' and <= 'Z' => c - 'A' + 10,
        _ => 99,
    };
}
