using System.Globalization;

namespace XenActors.Hocon;

/// <summary>The automatic type conversions of the specification; all else is an error that names place, path and finding.</summary>
internal static class HoconConversions
{
    public static string ToText(HoconValue value, string? path) =>
        value is HoconScalar { Kind: not HoconKind.Null } scalar ? scalar.Text : throw Wrong(value, path, "a string");

    public static int ToInt(HoconValue value, string? path)
    {
        var number = ToInteger(value, path, "an integer");
        return number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw Wrong(value, path, $"an integer from {int.MinValue} to {int.MaxValue}");
    }

    public static long ToLong(HoconValue value, string? path) => ToInteger(value, path, "an integer");

    public static double ToDouble(HoconValue value, string? path) =>
        Number(value) is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : throw Wrong(value, path, "a number");

    public static bool ToBool(HoconValue value, string? path) => Simple(value) switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => throw Wrong(value, path, "a boolean (true, yes, on, false, no, off)"),
    };

    public static HoconList ToList(HoconValue value, string? path)
    {
        if (value is HoconList list)
        {
            return list;
        }
        if (value is HoconObject at && NumericKeys.InOrder(at.Fields) is { } items)
        {
            return new HoconList(at.Origin, items);
        }
        throw Wrong(value, path, "a list");
    }

    public static HoconObject ToObject(HoconValue value, string? path) => value as HoconObject ?? throw Wrong(value, path, "an object");

    public static HoconException Wrong(HoconValue value, string? path, string expected) => new(
        value.Origin, $"expected {expected}{(path is null ? "" : $" at '{path}'")} but found {value.Describe()}");

    /// <summary>The text of a number or string, trimmed; null for every other kind.</summary>
    public static string? Number(HoconValue value) =>
        value is HoconScalar { Kind: HoconKind.Number or HoconKind.String } scalar ? scalar.Text.Trim() : null;

    private static string? Simple(HoconValue value) =>
        value is HoconScalar { Kind: HoconKind.Boolean or HoconKind.String } scalar ? scalar.Text.Trim() : null;

    private static long ToInteger(HoconValue value, string? path, string expected)
    {
        var text = Number(value);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }
        // 42.0 and 1e3 are whole numbers written otherwise.
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
        {
            if (exact != decimal.Truncate(exact))
            {
                throw Wrong(value, path, expected);
            }
            if (exact is >= long.MinValue and <= long.MaxValue)
            {
                return (long)exact;
            }
        }
        throw text is not null && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? Wrong(value, path, expected + " of 64 bits")
            : Wrong(value, path, expected);
    }
}
