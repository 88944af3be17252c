namespace XenActors.Toolstack.Xl;

/// <summary>
/// A vif's rate, <c>N[GMK](b|B)/s[@N[mu]s]</c>: units of 1000, b for bits, and an interval of 50 ms if none is given.
/// A leading 0 makes the number octal, as strtoull does for libxlu.
/// </summary>
public static class VifRateParser
{
    private const uint IntervalUsecsDefault = 50_000;
    private const ulong UsecsPerSecond = 1_000_000;

    /// <summary>Parses a rate; null if xl refuses it, with its words in <paramref name="diagnostics"/>.</summary>
    public static VifRate? Parse(string rate, string source, out IReadOnlyList<Diagnostic> diagnostics)
    {
        var log = new DiagnosticLog(source);
        var result = Parse(rate, log, null);
        diagnostics = log.Lines;
        return result;
    }

    internal static VifRate? Parse(string rate, DiagnosticLog log, SourcePosition? at)
    {
        var sign = rate.IndexOf('@');
        var bytes = sign < 0 ? rate : rate[..sign];
        if (bytes.Length == 0)
        {
            return Error("no rate specified", rate);
        }

        var perSecond = BytesPerSecond(bytes, out var problem);
        if (problem != null)
        {
            return Error(problem, bytes);
        }

        var usecs = IntervalUsecsDefault;
        if (sign >= 0)
        {
            var interval = rate[(sign + 1)..];
            usecs = IntervalUsecs(interval, out problem);
            if (problem != null)
            {
                return Error(problem, interval);
            }
        }

        return perSecond > ulong.MaxValue / usecs
            ? Error("rate overflow", rate)
            : new VifRate(perSecond * usecs / UsecsPerSecond, usecs);

        VifRate? Error(string message, string near)
        {
            var text = $"config parsing error in vif: {message} in `{near}'";
            log.Add(new Diagnostic(DiagnosticSeverity.Error, DiagnosticOrigin.Xl, $"{log.File}: {text}", text, log.File, at));
            return null;
        }
    }

    private static ulong BytesPerSecond(string text, out string? problem)
    {
        var digits = Digits(text);
        var unit = text[digits..];
        var scale = unit.Length > 0 ? unit[0] switch { 'G' => 1_000_000_000UL, 'M' => 1_000_000UL, 'K' => 1_000UL, _ => 1UL } : 1UL;
        var perBit = scale == 1 ? unit : unit[1..];
        if (digits == 0 || perBit is not ("b/s" or "B/s"))
        {
            problem = "invalid rate";
            return 0;
        }

        // 2^32-1 GB/s fits in 64 bits.
        var number = Bounded(text, "rate overflow", out problem) * scale;
        return perBit[0] == 'b' ? number / 8 : number;
    }

    private static uint IntervalUsecs(string text, out string? problem)
    {
        const string Overflow = "replenishment interval overflow";
        var digits = Digits(text);
        var unit = text[digits..];
        ulong? scale = unit switch { "" or "s" => UsecsPerSecond, "m" or "ms" => 1_000, "u" or "us" => 1, _ => null };
        if (digits == 0 || scale == null)
        {
            problem = "invalid replenishment interval";
            return 0;
        }

        var usecs = Bounded(text, Overflow, out problem) * scale.Value;
        if (usecs > uint.MaxValue)
        {
            problem = Overflow;
        }

        return problem == null ? (uint)usecs : 0;
    }

    private static ulong Bounded(string text, string overflow, out string? problem)
    {
        CNumber.ParseUnsigned(text, 0, out var number, out var outOfRange);
        problem = number == 0 || number > uint.MaxValue || outOfRange ? overflow : null;
        return problem == null ? number : 0;
    }

    private static int Digits(string text)
    {
        var end = 0;
        while (end < text.Length && text[end] is >= '0' and <= '9')
        {
            end++;
        }

        return end;
    }
}
