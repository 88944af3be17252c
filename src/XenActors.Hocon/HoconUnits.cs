using System.Globalization;

namespace XenActors.Hocon;

/// <summary>Lengths of time and sizes: a number, optional whitespace, an optional unit made of letters.</summary>
internal static class HoconUnits
{
    private const long Ms = 1_000_000;

    public static long ToDurationNs(HoconValue value, string? path) =>
        Scale(value, path, "a duration such as 20us, 5ms or 1.5s", "nanoseconds", DurationUnit);

    public static long ToBytes(HoconValue value, string? path)
    {
        const string expected = "a size such as 512, 4KiB or 30 GiB";
        var bytes = Scale(value, path, expected, "bytes", SizeUnit);
        return bytes >= 0 ? bytes : throw HoconConversions.Wrong(value, path, expected);
    }

    // Decimal and not double: 0.1s must be 100000000ns exactly.
    private static long Scale(HoconValue value, string? path, string expected, string unitName, Func<string, decimal?> unitOf)
    {
        var text = HoconConversions.Number(value) ?? throw HoconConversions.Wrong(value, path, expected);
        var end = text.Length;
        while (end > 0 && char.IsLetter(text[end - 1]))
        {
            end--;
        }
        var factor = unitOf(text[end..]) ?? throw HoconConversions.Wrong(value, path, expected);
        if (!decimal.TryParse(text.AsSpan(0, end).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            throw HoconConversions.Wrong(value, path, expected);
        }
        // Divided and not multiplied: the product may leave decimal's range, too.
        if (Math.Abs(number) > long.MaxValue / factor)
        {
            throw HoconConversions.Wrong(value, path, $"{expected}, in {unitName} within 64 bits,");
        }
        var scaled = number * factor;
        return scaled == decimal.Truncate(scaled)
            ? (long)scaled
            : throw HoconConversions.Wrong(value, path, $"{expected}, in whole {unitName},");
    }

    private static decimal? DurationUnit(string unit) => unit switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 1,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => 1_000,
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => Ms,
        "s" or "second" or "seconds" => 1_000 * Ms,
        "m" or "minute" or "minutes" => 60_000 * Ms,
        "h" or "hour" or "hours" => 3_600_000 * Ms,
        "d" or "day" or "days" => 86_400_000 * Ms,
        _ => null,
    };

    private static decimal? SizeUnit(string unit) => unit switch
    {
        "" or "B" or "b" or "byte" or "bytes" => 1,
        "kB" or "KB" or "kilobyte" or "kilobytes" => Power(1000, 1),
        "MB" or "megabyte" or "megabytes" => Power(1000, 2),
        "GB" or "gigabyte" or "gigabytes" => Power(1000, 3),
        "TB" or "terabyte" or "terabytes" => Power(1000, 4),
        "PB" or "petabyte" or "petabytes" => Power(1000, 5),
        "EB" or "exabyte" or "exabytes" => Power(1000, 6),
        "ZB" or "zettabyte" or "zettabytes" => Power(1000, 7),
        "YB" or "yottabyte" or "yottabytes" => Power(1000, 8),
        "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => Power(1024, 1),
        "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => Power(1024, 2),
        "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => Power(1024, 3),
        "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => Power(1024, 4),
        "P" or "p" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => Power(1024, 5),
        "E" or "e" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => Power(1024, 6),
        "Z" or "z" or "Zi" or "ZiB" or "zebibyte" or "zebibytes" => Power(1024, 7),
        "Y" or "y" or "Yi" or "YiB" or "yobibyte" or "yobibytes" => Power(1024, 8),
        _ => null,
    };

    private static decimal Power(decimal value, int exponent) => exponent == 0 ? 1 : value * Power(value, exponent - 1);
}
