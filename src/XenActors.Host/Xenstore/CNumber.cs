using System.Globalization;

namespace XenActors.Xenstore;

/// <summary>Numbers as the daemon's C library reads them.</summary>
internal static class CNumber
{
    /// <summary>strtoul with base 0 over the whole text, cut to 32 bits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint number)
    {
        number = 0;
        if (text.StartsWith("0x"u8) || text.StartsWith("0X"u8))
        {
            return uint.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        }

        if (text.Length > 1 && text[0] == (byte)'0') return TryOctal(text[1..], out number);
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>atoi: leading digits, with a sign; anything else is 0. The result is seen as unsigned.</summary>
    public static uint Leading(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\n\v\f\r"u8);
        var negative = text.Length > 0 && text[0] == (byte)'-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+') text = text[1..];
        uint number = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9') break;
            number = unchecked(number * 10 + (uint)(c - '0')); // C wraps or worse; nobody may rely on it
        }

        return negative ? unchecked(0u - number) : number;
    }

    private static bool TryOctal(ReadOnlySpan<byte> digits, out uint number)
    {
        number = 0;
        foreach (var c in digits)
        {
            if (c is < (byte)'0' or > (byte)'7' || number >> 29 != 0) return false;
            number = number << 3 | (uint)(c - '0');
        }

        return true;
    }
}
