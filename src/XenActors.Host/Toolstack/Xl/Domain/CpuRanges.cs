namespace XenActors.Toolstack.Xl;

/// <summary>The grammar of cpus and cpus_soft: <c>[^](N|N-M|node:N[-M]|nodes:N[-M])|all</c> between commas.</summary>
internal static class CpuRanges
{
    /// <summary>Checks a string, or a list's strings for as many vcpus as there are; xl gives up at the first bad one.</summary>
    public static void Check(XlConfigReader reader, string key, long vcpusMax)
    {
        if (!reader.IsList(key))
        {
            CheckOne(reader, key, reader.String(key) ?? "");
            return;
        }

        var list = reader.Strings(key) ?? [];
        for (var i = 0; i < list.Count && i < vcpusMax && reader.ExitCode == 0; i++)
        {
            CheckOne(reader, key, list[i].Text);
        }
    }

    private static void CheckOne(XlConfigReader reader, string key, string ranges)
    {
        foreach (var range in ranges.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var isNot = range.StartsWith('^');
            var rest = isNot ? range[1..] : range;
            rest = Skip(Skip(rest, "node:", out var isNode), isNode ? "" : "nodes:", out _);
            if (rest == "all" && isNot)
            {
                reader.Fail(key, "Can't combine \"^\" and \"all\".");
                return;
            }

            if (rest != "all" && !IsRange(rest))
            {
                reader.Fail(key, $"Invalid pcpu range: {rest}.");
                return;
            }
        }
    }

    private static string Skip(string text, string prefix, out bool skipped)
    {
        skipped = text.StartsWith(prefix, StringComparison.Ordinal);
        return skipped ? text[prefix.Length..] : text;
    }

    private static bool IsRange(string text)
    {
        var end = CNumber.ParseUnsigned(text, 10, out var first, out _);
        if (end == 0 || first == ulong.MaxValue)
        {
            return false;
        }

        if (end == text.Length)
        {
            return true;
        }

        var rest = text[end] == '-' ? text[(end + 1)..] : "";
        end = CNumber.ParseUnsigned(rest, 10, out var last, out _);
        return end > 0 && end == rest.Length && last != ulong.MaxValue && last >= first;
    }
}
