namespace XenActors.Simulation;

/// <summary>
/// Functions made of IEEE additions, multiplications and divisions only, so that every machine and runtime gives the same bits.
/// The platform's own <c>log</c> may not.
/// </summary>
internal static class PortableMath
{
    private const double Ln2 = 0.69314718055994530942;
    private const int TableBits = 8;

    private static readonly double[] Inverse = new double[1 << TableBits];
    private static readonly double[] LogOfCentre = new double[1 << TableBits];

    static PortableMath()
    {
        for (var i = 0; i < Inverse.Length; i++)
        {
            var centre = 1.0 + ((i + 0.5) / Inverse.Length);
            Inverse[i] = 1.0 / centre;
            LogOfCentre[i] = SeriesLog(centre);
        }
    }

    /// <summary>Natural logarithm of a positive, normal number; the error stays below 1e-12 of the result, or of one.</summary>
    public static double Log(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        var index = (int)((bits >> (52 - TableBits)) & ((1 << TableBits) - 1));
        var r = (mantissa * Inverse[index]) - 1.0;
        var poly = r * (1.0 + (r * (-0.5 + (r * ((1.0 / 3) + (r * -0.25))))));
        return (exponent * Ln2) + LogOfCentre[index] + poly;
    }

    // 2 * atanh((x - 1) / (x + 1)): converges fast for x in [1, 2).
    private static double SeriesLog(double x)
    {
        var s = (x - 1) / (x + 1);
        var square = s * s;
        var term = s;
        var sum = 0.0;
        for (var n = 1; n < 60; n += 2)
        {
            sum += term / n;
            term *= square;
        }

        return 2 * sum;
    }
}
