using XenActors.Simulation;

namespace XenActors.Experiments.Timelines;

/// <summary>Messages as people call them.</summary>
internal static class MessageNames
{
    /// <summary>The type's name without its namespace: <c>EventFired</c>.</summary>
    public static string Short(string type) => type[(type.LastIndexOf('.') + 1)..];

    /// <summary>
    /// The same, with the first word of a text that does not begin with it: <c>XsRequest Read</c> for <c>Read #1 tx0 (device/vbd/768/state )</c>.
    /// </summary>
    public static string Of(in TraceRecord record)
    {
        var name = Short(record.Message);
        var text = record.Text.AsSpan();
        var end = 0;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        return end == 0 || text.StartsWith(name, StringComparison.Ordinal) ? name : $"{name} {text[..end]}";
    }
}
