using XenActors.Abi;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>What somebody does to a store in a line: a shell command, or, after <c>&gt;</c>, one request (operation, payload).</summary>
internal static class StepsOfTools
{
    /// <summary>What it printed, on both streams, and its exit code; or the reply.</summary>
    public static string Do(string socket, string step)
    {
        if (!step.StartsWith("> ", StringComparison.Ordinal)) return DebianTools.Run(socket, "sh", "-c", step).Replace(socket, "SOCKET", StringComparison.Ordinal);
        var words = step.Split(' ', 3);
        using var client = new WireClient(socket);
        return client.Ask(Enum.Parse<XsWireType>(words[1]), words[2]);
    }
}
