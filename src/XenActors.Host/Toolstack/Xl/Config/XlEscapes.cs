using System.Text;

namespace XenActors.Toolstack.Xl;

/// <summary>
/// The escapes of libxlu's quoted strings. Its numeric escapes never worked, and files must fail here as they fail
/// there: every <c>\x</c> is refused, and an octal one needs three digits and leaves nothing behind.
/// </summary>
internal static class XlEscapes
{
    /// <returns>xl's words for what is wrong, or null.</returns>
    public static string? Dequote(string quoted, out string value)
    {
        var result = new StringBuilder(quoted.Length);
        var problem = Append(quoted.AsSpan(1, quoted.Length - 2), result);
        value = result.ToString();
        return problem;
    }

    private static string? Append(ReadOnlySpan<char> body, StringBuilder result)
    {
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
            {
                result.Append(body[i]);
                continue;
            }

            var escape = body[++i];
            if (escape is >= '0' and <= '7')
            {
                var digits = OctalLength(body[(i + 1)..]);
                if (digits < 2)
                {
                    return "invalid digit after backslash octalnumerical character escape in quoted string";
                }

                i += digits;
            }
            else if (escape == 'x')
            {
                return "invalid digit after backslash hexnumerical character escape in quoted string";
            }
            else if (Simple(escape) is { } plain)
            {
                result.Append(plain);
            }
            else
            {
                return "invalid character after backlash in quoted string";
            }
        }

        return null;
    }

    private static char? Simple(char escape) => escape switch
    {
        '"' or '\'' or '\\' => escape,
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        _ => null,
    };

    private static int OctalLength(ReadOnlySpan<char> rest)
    {
        var few = rest[..Math.Min(3, rest.Length)].ToString();
        return CNumber.Parse(few, 10, out _) is var end && end > 0 ? end : 0;
    }
}
