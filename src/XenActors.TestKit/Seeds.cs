using System.Globalization;

namespace XenActors.TestKit;

/// <summary>Where a test's seed comes from.</summary>
public static class Seeds
{
    /// <summary>The environment variable that names one seed for all tests of a run. Read here, never inside a simulation.</summary>
    public const string Variable = "XENACTORS_SEED";

    public const ulong Default = 1;

    /// <summary>Null when the variable is not set.</summary>
    /// <exception cref="FormatException">It is set to something else than a number.</exception>
    public static ulong? Override => Parse(Environment.GetEnvironmentVariable(Variable));

    internal static ulong? Parse(string? value) =>
        string.IsNullOrEmpty(value) ? null
        : ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new FormatException($"{Variable} must be a number from 0 to {ulong.MaxValue}, not \"{value}\"");
}
