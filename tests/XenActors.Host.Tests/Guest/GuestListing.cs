namespace XenActors.Tests.Guest;

/// <summary>What a real guest printed: dmesg without time stamps, and the sections of a report.</summary>
internal static class GuestListing
{
    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Data", "guest", file));

    /// <summary>A section between BEGIN and END.</summary>
    public static List<string> Section(string file, string name) =>
        [.. Lines(file).SkipWhile(l => l != "=====BEGIN " + name).Skip(1).TakeWhile(l => !l.StartsWith("=====END", StringComparison.Ordinal))];

    /// <summary>As <c>egrep -i 'xen|front'</c>, and without the stamps.</summary>
    public static List<string> XenLines(IEnumerable<string> dmesg) =>
        [.. dmesg.Select(WithoutStamp).Where(l => l.Contains("xen", StringComparison.OrdinalIgnoreCase) || l.Contains("front", StringComparison.OrdinalIgnoreCase))];

    public static string WithoutStamp(string line) => line[(line.IndexOf("] ", StringComparison.Ordinal) + 2)..];
}
