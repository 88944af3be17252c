namespace XenActors.Xenstore;

/// <summary>Numbers as the daemon's C library reads them: with leading white space and a sign, and cut to 32 bits.</summary>
internal static class CNumber
{
    /// <summary>strtol with base 0 over the whole text: decimal, 0x hexadecimal or octal.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint number)
    {
        var negative = TakeSign(ref text);
        var digitBase = 10;
        if (text.Length > 2 && text[0] == (byte)'0' && (text[1] | 0x20) == (byte)'x' && Digit(text[2]) < 16)
        {
            digitBase = 16;
            text = text[2..];
        }
        else if (text.Length > 1 && text[0] == (byte)'0')
        {
            digitBase = 8;
        }

        number = Digits(text, digitBase, negative, out var length);
        return length > 0 && length == text.Length;
    }

    /// <summary>atoi: leading digits; anything else is 0. The result is seen as unsigned.</summary>
    public static uint Leading(ReadOnlySpan<byte> text)
    {
        var negative = TakeSign(ref text);
        return Digits(text, 10, negative, out _);
    }

    private static bool TakeSign(ref ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\n\v\f\r"u8);
        var negative = text.Length > 0 && text[0] == (byte)'-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+') text = text[1..];
        return negative;
    }

    // A long first, which stops at its ends; its low 32 bits are what is kept.
    private static uint Digits(ReadOnlySpan<byte> text, int digitBase, bool negative, out int length)
    {
        var limit = negative ? (UInt128)1 << 63 : ((UInt128)1 << 63) - 1;
        UInt128 number = 0;
        for (length = 0; length < text.Length && Digit(text[length]) < digitBase; length++)
        {
            number = UInt128.Min(number * (uint)digitBase + (uint)Digit(text[length]), limit);
        }

        var low = (uint)(number & uint.MaxValue);
        return negative ? unchecked(0u - low) : low; // two's complement, as C has it
    }

    private static int Digit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'z' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'Z' => c - 'A' + 10,
        _ => int.MaxValue,
    };
}
