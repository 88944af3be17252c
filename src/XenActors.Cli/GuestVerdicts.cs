using XenActors.Guest;
using XenActors.Machine;

namespace XenActors.Cli;

internal static class GuestVerdicts
{
    public static IEnumerable<string> Of(GuestReport report, XenMachine machine, ushort domain) => [report.Outcome?.ToString() ?? "booting"];
}
