namespace XenActors.Xenstore;

/// <summary>Numbers as the daemon's C library reads them.</summary>
internal static class CNumber
{
    /// <summary>strtol with base 0 over the whole text, cut to 32 bits: blanks and a sign may come first, what is too large is the largest.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint number)
    {
        var negative = Sign(ref text);
        var radix = text.StartsWith("0x"u8) || text.StartsWith("0X"u8) ? 16u : text.Length > 1 && text[0] == (byte)'0' ? 8u : 10u;
        text = text[(radix == 16 ? 2 : radix == 8 ? 1 : 0)..];
        var most = negative ? 1ul << 63 : (1ul << 63) - 1;
        ulong magnitude = 0;
        number = 0;
        if (text.IsEmpty) return false;
        foreach (var c in text)
        {
            var digit = Digit(c);
            if (digit >= radix) return false;
            magnitude = magnitude > (most - digit) / radix ? most : magnitude * radix + digit;
        }

        number = (uint)((negative ? unchecked(0 - magnitude) : magnitude) & uint.MaxValue); // as C's conversions do
        return true;
    }

    /// <summary>atoi: leading digits, with a sign; anything else is 0. The result is seen as unsigned.</summary>
    public static uint Leading(ReadOnlySpan<byte> text)
    {
        var negative = Sign(ref text);
        uint number = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9') break;
            number = unchecked(number * 10 + (uint)(c - '0')); // C wraps or worse; nobody may rely on it
        }

        return negative ? unchecked(0u - number) : number;
    }

    private static bool Sign(ref ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\n\v\f\r"u8);
        var sign = text.IsEmpty ? 0 : text[0];
        if (sign is '-' or '+') text = text[1..];
        return sign == '-';
    }

    private static uint Digit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => (uint)(c - '0'),
        >= (byte)'a' and <= (byte)'f' => (uint)(c - 'a' + 10),
        >= (byte)'A' and <= (byte)'F' => (uint)(c - 'A' + 10),
        _ => uint.MaxValue,
    };
}
