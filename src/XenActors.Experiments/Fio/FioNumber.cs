using System.Globalization;

namespace XenActors.Experiments.Fio;

/// <summary>Numbers as fio prints them: four characters and a prefix (fio's <c>num2str</c>).</summary>
internal static class FioNumber
{
    private static readonly string[] Decimal = ["", "k", "M", "G", "T", "P"];
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];

    /// <summary>As <c>12.3k</c>, in powers of a thousand.</summary>
    public static string Count(double value, int characters = 4) => Scale(value, 1000, Decimal, characters);

    /// <summary>As <c>44.8MiB</c>.</summary>
    public static string BinaryBytes(double bytes) => Scale(bytes, 1024, Binary, 4) + "B";

    /// <summary>As <c>46.9MB</c>.</summary>
    public static string DecimalBytes(double bytes) => Scale(bytes, 1000, Decimal, 4) + "B";

    /// <summary>As <c>7459MiB/s (7821MB/s)</c>.</summary>
    public static string Rate(double bytesPerSecond) => $"{BinaryBytes(bytesPerSecond)}/s ({DecimalBytes(bytesPerSecond)}/s)";

    private static string Scale(double value, double step, string[] prefixes, int characters)
    {
        var prefix = 0;
        var most = Math.Pow(10, characters);
        var divided = false;
        while (Math.Round(value) >= most && prefix < prefixes.Length - 1)
        {
            value /= step;
            prefix++;
            divided = true;
        }

        var whole = ((long)value).ToString(CultureInfo.InvariantCulture).Length;
        var decimals = divided ? Math.Max(0, characters - whole - 1) : 0;
        return value.ToString("F" + decimals, CultureInfo.InvariantCulture) + prefixes[prefix];
    }
}
