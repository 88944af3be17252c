using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers;
using XenActors.Xenbus;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>Grant tables.</summary>
internal static class GrantFaults
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "grant-revoke",
            Subject = FaultSubject.Grants,
            Summary = "the guest takes the pages of a device's ring back while the backend has them mapped",
            StandsFor = "a frontend that frees granted pages too early (XSA-396); persistent grants left behind on teardown (Qubes #1328, #7539)",
            Place = "the guest's grant table (domN/gnttab): EndAccess without waiting",
            Heals = "nothing to take back: an entry in use stays, as Xen's try_end_foreign_access says",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Device],
            Begin = Revoke,
        },
        new()
        {
            Name = "grant-table-full",
            Subject = FaultSubject.Grants,
            Summary = "backends cannot map a domain's pages: no maptrack handle is left (GNTST_no_space)",
            StandsFor = "low gnttab_max_maptrack_frames (Qubes #5674, xen-api #6577): I/O errors that file systems do not forget",
            Place = "the guest's grant table: maps by other domains (injection point ForceMapStatus)",
            Heals = "maps succeed again; requests that have failed stay failed",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Domain, Shared.Count("unlimited", "maps that fail")],
            Begin = work =>
            {
                work.Degrade($"dom{work.Guest()}");
                Force(work, GnttabStatus.NoSpace);
            },
        },
        new()
        {
            Name = "grant-eagain",
            Subject = FaultSubject.Grants,
            Summary = "maps and copies of a domain's pages meet GNTST_eagain, so many times; dom0's kernel tries again, and up to 255 cost nothing but time",
            StandsFor = "a page that is paged out or being shared when it is mapped (Linux 3.7: \"Xen backend support for paged out grant targets\")",
            Place = "the guest's grant table: maps and copies by other domains (injection point ForceMapStatus)",
            Heals = "they succeed again; what has failed, after 256 for one page or with a dom0 before Linux 3.7, stays failed",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Domain, Shared.Count("1", "maps and copies that meet it; beyond 255 the fault is degrading")],
            Begin = work =>
            {
                if (work.Settings.Count("count") > GrantRetry.Most || !RetriesInDom0(work))
                {
                    work.Degrade($"dom{work.Guest()}");
                }

                Force(work, GnttabStatus.Eagain);
            },
        },
    ];

    private static bool RetriesInDom0(FaultWork work) =>
        work.Site.Machine.Simulator.StateOf<BackendXenbusState>(work.Site.Machine.Places.Xenbus(0)) is { GrantRetries: true };

    private static void Force(FaultWork work, GnttabStatus status)
    {
        var domain = work.Guest();
        var machine = work.Site.Machine;
        work.Order(
            machine.Places.GrantTable(domain),
            new ForceMapStatus(status, work.Settings.Count("count")),
            new ForceMapStatus(GnttabStatus.Okay, 0),
            () => machine.Grants(domain).ForcedDone);
    }

    private static void Revoke(FaultWork work)
    {
        var device = work.Device();
        work.Degrade(device.Scope);
        var refs = new List<uint>();
        foreach (var key in (string[])["ring-ref", "ring-ref0", "ring-ref1", "ring-ref2", "ring-ref3", "tx-ring-ref", "rx-ring-ref"])
        {
            if (work.Site.Read($"{device.FrontNode}/{key}") is { } text && uint.TryParse(text, out var reference))
            {
                refs.Add(reference);
            }
        }

        if (refs.Count == 0)
        {
            work.Remark($"{device.Scope} has granted no ring yet: nothing to take back");
            return;
        }

        work.Tell(work.Site.Machine.Places.GrantTable(device.Domain), new EndAccess(refs, 0), $"the guest ends access to grant {string.Join(", ", refs)}");
    }
}
