using System.Text;

namespace XenActors.Xenstore.Tools;

/// <summary>Values as users of <c>xenstore-write</c> type them: the escapes that <see cref="XenstoreLs.Escape"/> prints, and whatever C's sscanf takes for them.</summary>
internal static class EscapedValue
{
    public static string Read(string typed)
    {
        var value = new StringBuilder(typed.Length);
        for (var at = 0; at < typed.Length;)
        {
            var c = typed[at++];
            // A backslash at the end reads as a NUL.
            value.Append(c != '\\' ? c : at == typed.Length ? '\0' : One(typed, ref at));
        }

        return value.ToString();
    }

    private static char One(string typed, ref int at)
    {
        var c = typed[at++];
        switch (c)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 'x':
                return Number(typed, ref at, 2, 16, 'x');
            case >= '0' and <= '7':
                at--;
                return Number(typed, ref at, 3, 8, c);
            default:
                return c;
        }
    }

    // sscanf's %2x and %3o: blanks before the number do not count, a sign and 0x do; what is no number stays unread.
    private static char Number(string typed, ref int at, int width, int radix, char otherwise)
    {
        var i = at;
        while (i < typed.Length && typed[i] is ' ' or (>= '\t' and <= '\r')) i++;
        var end = Math.Min(i + width, typed.Length);
        var negative = i < end && typed[i] == '-';
        if (i < end && typed[i] is '-' or '+') i++;
        var digits = 0;
        var number = 0;
        for (; i < end && Digit(typed[i]) is var digit && digit < radix; i++, digits++) number = number * radix + digit;
        // "0x" is a prefix with room for nothing behind it: glibc takes it for 0.
        if (radix == 16 && digits == 1 && number == 0 && i < end && typed[i] is 'x' or 'X') i++;
        if (digits == 0) return otherwise;
        at = i;
        return (char)(unchecked((uint)(negative ? -number : number)) & 0xff); // a C char keeps the low byte
    }

    private static int Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => int.MaxValue,
    };
}
