using XenActors.Guest;
using XenActors.Machine;

namespace XenActors.Experiments.Boot;

/// <summary>What became of one guest.</summary>
public sealed record GuestResult(ushort Domain, string Name, GuestReport Report, GuestVerdict Verdict)
{
    public static IReadOnlyList<GuestResult> Of(XenMachine machine, BootSession session)
    {
        var results = new List<GuestResult>();
        for (var i = 0; i < machine.Guests.Count; i++)
        {
            var domain = machine.Current(i);
            if (machine.Kernel(domain) is { } kernel)
            {
                var report = GuestReport.Of(kernel);
                results.Add(new(domain, kernel.Spec.Name, report, GuestVerdict.Of(report, DiskPaths.Of(machine, domain, session.Configs[i]))));
            }
        }

        return results;
    }

    /// <summary>The verdict in words, one line a thought.</summary>
    public IReadOnlyList<string> VerdictLines =>
    [
        $"disk: {(Verdict.Disk ? "PV" : "not PV")}: {Verdict.DiskReason}",
        $"net: {(Verdict.Net ? "PV" : "not PV")}: {Verdict.NetReason}",
        .. Verdict.Hazards.Select(h => $"DATA-CORRUPTION HAZARD: {h}"),
        Report.Outcome switch
        {
            null => "boot: not finished",
            { Ok: true } outcome => $"boot: {outcome.Reason}",
            { } outcome => $"boot failed: {outcome.Reason}",
        },
    ];
}
