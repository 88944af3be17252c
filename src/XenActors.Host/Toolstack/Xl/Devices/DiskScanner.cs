namespace XenActors.Toolstack.Xl;

/// <summary>Cuts a disk specification into items.</summary>
internal static class DiskScanner
{
    private static readonly string[] Formats = ["raw:", "qcow:", "qcow2:", "vhd:"];
    private static readonly string[] Scripts = ["iscsi:", "nbd:", "enbd:", "drbd:"];
    private static readonly string[] Ignored = ["tapdisk:", "tap:", "tap2:", "aio:", "ioemu:", "file:", "phy:"];

    private enum Rule
    {
        Blanks,
        KeyValue,
        Flag,
        Target,
        UnknownKey,
        FormatPrefix,
        ScriptPrefix,
        IgnoredPrefix,
        UnknownPrefix,
        Positional,
        BadSyntax,
    }

    public static void Scan(string spec, DiskSpecState state)
    {
        var at = 0;
        while (at < spec.Length)
        {
            var (rule, length) = Best(spec, at);
            var text = spec.Substring(at, length);
            at += length;
            if (!Apply(rule, text, state))
            {
                return;
            }
        }
    }

    private static bool Apply(Rule rule, string text, DiskSpecState state)
    {
        switch (rule)
        {
            case Rule.Blanks:
                return true;
            case Rule.KeyValue:
            case Rule.Target:
                DiskItems.KeyValue(text, state);
                return true;
            case Rule.Flag:
                DiskItems.Flag(Strip(text), state);
                return true;
            case Rule.UnknownKey:
                state.Error(text, "unknown parameter");
                return true;
            case Rule.FormatPrefix:
                state.HadDeprecatedPrefix = true;
                state.SetFormat(text[..^1]);
                return true;
            case Rule.ScriptPrefix:
                state.HadDeprecatedPrefix = true;
                state.SetScript($"block-{text[..^1]}");
                return true;
            case Rule.IgnoredPrefix:
                state.HadDeprecatedPrefix = true;
                return true;
            case Rule.UnknownPrefix:
                state.Error(text, "unknown deprecated disk prefix");
                return false;
            case Rule.Positional:
                return DiskItems.Positional(Strip(text), state);
            case Rule.BadSyntax:
                state.Error(text, "bad disk syntax");
                return false;
            default:
                throw new InvalidOperationException($"no rule {rule}");
        }
    }

    private static string Strip(string text) => text.EndsWith(',') ? text[..^1] : text;

    // A rule with trailing context counts as long as its whole line, so that prefixes win over positional items.
    private static (Rule Rule, int Length) Best(string spec, int at)
    {
        var best = (Rule: Rule.BadSyntax, Length: LineEnd(spec, at) - at);
        var longest = 0;
        void Offer(Rule rule, int length, int counted)
        {
            if (length > 0 && counted > longest)
            {
                longest = counted;
                best = (rule, length);
            }
        }

        var line = LineEnd(spec, at) - at;
        var blanks = Run(spec, at, c => c is ' ' or '\t' or '\n');
        Offer(Rule.Blanks, blanks, blanks == 0 ? 0 : LineEnd(spec, at + blanks) - at);
        Offer(Rule.KeyValue, KeyValueLength(spec, at), KeyValueLength(spec, at));
        Offer(Rule.Flag, FlagLength(spec, at), FlagLength(spec, at));
        var target = StartsWith(spec, at, "target=") ? line : 0;
        Offer(Rule.Target, target, target);
        Offer(Rule.UnknownKey, UnknownKeyLength(spec, at), UnknownKeyLength(spec, at));
        Offer(Rule.FormatPrefix, PrefixLength(spec, at, Formats), line);
        Offer(Rule.ScriptPrefix, PrefixLength(spec, at, Scripts), line);
        Offer(Rule.IgnoredPrefix, PrefixLength(spec, at, Ignored), line);
        var unknown = UnknownPrefixLength(spec, at);
        var goesOn = unknown > 0 && at + unknown < spec.Length && !IsLowerOrDigit(spec[at + unknown]);
        Offer(Rule.UnknownPrefix, unknown, goesOn ? LineEnd(spec, at + unknown + 1) - at : unknown);
        var word = Run(spec, at, c => c is not ('=' or ','));
        var positional = word + (at + word < spec.Length && spec[at + word] == ',' ? 1 : 0);
        Offer(Rule.Positional, positional, positional);
        return best;

        static int PrefixLength(string spec, int at, string[] prefixes)
        {
            foreach (var prefix in prefixes)
            {
                if (StartsWith(spec, at, prefix))
                {
                    return prefix.Length;
                }
            }

            return 0;
        }
    }

    private static int KeyValueLength(string spec, int at)
    {
        foreach (var key in DiskItems.Keys)
        {
            if (StartsWith(spec, at, key) && at + key.Length < spec.Length && spec[at + key.Length] == '=')
            {
                var end = spec.IndexOf(',', at);
                return (end < 0 ? spec.Length : end + 1) - at;
            }
        }

        return 0;
    }

    private static int FlagLength(string spec, int at)
    {
        foreach (var flag in DiskItems.Flags)
        {
            if (StartsWith(spec, at, flag))
            {
                var end = at + flag.Length;
                return flag.Length + (end < spec.Length && spec[end] == ',' ? 1 : 0);
            }
        }

        return 0;
    }

    // libxlu's pattern takes one character of the value and leaves the rest for positional items.
    private static int UnknownKeyLength(string spec, int at)
    {
        if (spec[at] is < 'a' or > 'z')
        {
            return 0;
        }

        var equals = at + Run(spec, at, c => c == '-' || IsLowerOrDigit(c));
        if (equals + 1 >= spec.Length || spec[equals] != '=' || spec[equals + 1] == ',')
        {
            return 0;
        }

        var end = equals + 2;
        return end - at + (end < spec.Length && spec[end] == ',' ? 1 : 0);
    }

    private static int UnknownPrefixLength(string spec, int at)
    {
        if (spec[at] is < 'a' or > 'z')
        {
            return 0;
        }

        var word = Run(spec, at, IsLowerOrDigit);
        return at + word < spec.Length && spec[at + word] == ':' ? word + 1 : 0;
    }

    private static bool IsLowerOrDigit(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9');

    private static bool StartsWith(string spec, int at, string word) =>
        string.CompareOrdinal(spec, at, word, 0, word.Length) == 0;

    private static int LineEnd(string spec, int at) => spec.IndexOf('\n', at) is >= 0 and var end ? end : spec.Length;

    private static int Run(string spec, int at, Func<char, bool> member)
    {
        var end = at;
        while (end < spec.Length && member(spec[end]))
        {
            end++;
        }

        return end - at;
    }
}
