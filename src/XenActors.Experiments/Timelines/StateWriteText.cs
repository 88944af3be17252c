using System.Globalization;
using System.Text.RegularExpressions;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Experiments.Timelines;

/// <summary>Finds in a trace the requests that write a device's state, as <c>Write #7 tx1 (backend/vbd/1/768/state 2)</c>.</summary>
internal static partial class StateWriteText
{
    private static readonly string Request = typeof(XsRequest).FullName!;

    /// <summary>A relative path is the domain's in whose process the writer lives: dom0's <c>backend/...</c>, dom1's <c>device/...</c>.</summary>
    public static bool TryRead(in TraceRecord record, out DeviceEnd end, out string state)
    {
        (end, state) = (default, "");
        if (record.Message != Request || Write().Match(record.Text) is not { Success: true } match)
        {
            return false;
        }

        var path = match.Groups["path"].Value;
        if (!path.StartsWith('/'))
        {
            var process = record.Sender.Split('/')[0];
            if (!process.StartsWith("dom", StringComparison.Ordinal))
            {
                return false;
            }

            path = $"/local/domain/{process[3..]}/{path}";
        }

        state = NameOf(match.Groups["state"].Value);
        return DeviceEnd.TryOfStateNode(path, out end);
    }

    /// <summary>As <c>Connected</c>; what is no state stays as it is.</summary>
    public static string NameOf(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((XenbusState)number)
            ? $"{(XenbusState)number}"
            : $"\"{value}\"";

    [GeneratedRegex(@"^Write #\d+ tx\d+ \((?<path>\S+/state) (?<state>[^ )]*) ?\)$")]
    private static partial Regex Write();
}
