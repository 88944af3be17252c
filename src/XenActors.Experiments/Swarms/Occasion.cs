using System.Globalization;
using XenActors.Experiments.Faults;

namespace XenActors.Experiments.Swarms;

/// <summary>A message at which a fault finds what it acts on: a fault that begins with one comes while there is something to spoil.</summary>
/// <param name="Actor">The receiver's path, with <c>*</c> for any characters.</param>
/// <param name="Most">Later ones than this are not to be expected.</param>
internal readonly record struct Occasion(string Message, string Actor, int Most)
{
    /// <summary>A device without a workload sees little more than its handshake and what boots.</summary>
    private const int Quiet = 3;

    private const int Busy = 50;

    /// <summary>Of a device's faults: the traffic on its ring, at either end.</summary>
    public static IReadOnlyList<Occasion> Of(DrawnDevice device, bool busy)
    {
        var (place, prefix, most) = (device.Place, device.Domain.Prefix, busy ? Busy : Quiet);
        List<Occasion> ring = [new("RequestsPublished", prefix + place.Back[0], most), new("ResponsesPublished", prefix + place.Front, most)];
        return place.Type == "vbd" ? [.. ring, new("BlockRequest", prefix + place.Front, most)] : ring;
    }

    /// <summary>Of a kind that is about no device; empty when any moment is as good as another.</summary>
    public static IReadOnlyList<Occasion> Of(FaultKind kind, DrawnDomain? domain, string prefix)
    {
        var number = domain?.Number.ToString(CultureInfo.InvariantCulture) ?? "*";
        prefix = domain?.Prefix ?? prefix;
        return kind switch
        {
            { Subject: FaultSubject.Grants } => [new("MapGrants", $"{prefix}dom{number}/gnttab", Quiet), new("GrantPages", $"{prefix}dom{number}/gnttab", Quiet)],
            { Subject: FaultSubject.Domains } =>
            [
                new("RequestsPublished", $"{prefix}dom0/xenbus/*-{number}-*", Busy), new("ResponsesPublished", $"{prefix}dom{number}/xenbus/*", Busy),
                new("XsRingResponses", $"{prefix}dom{number}/xenbus", 10 * Busy),
            ],
            { Name: "watch-duplicate" or "watch-late" } => [new("XsWatchEvent", $"{prefix}dom{number}/xenbus/*", Quiet)],
            { Subject: FaultSubject.Xenstore } => [new("XsRequest", $"{prefix}dom0/xenstored", 20 * Busy), new("XsRingRequests", $"{prefix}dom0/xenstored", Busy)],
            { Subject: FaultSubject.Disks } =>
                [new("DiskRead", $"{prefix}phys/disks", Busy), new("DiskWrite", $"{prefix}phys/disks", Busy), new("DiskFlush", $"{prefix}phys/disks", Quiet)],
            { Subject: FaultSubject.Hotplug } => [new("CreateGuest", "*", 1), new("ScriptWorked", $"{prefix}dom0/toolstack/*", Quiet)],
            { Name: "toolstack-kill" } => [new("XsReply", $"{prefix}dom0/toolstack/xl-*", Busy), new("ScriptEnded", $"{prefix}dom0/toolstack/xl-*", 1)],
            { Subject: FaultSubject.Toolstack } => [new("Dom0Ready", "*", 1), new("CreationEnded", "*", 1)],
            { Subject: FaultSubject.Links } => [new("SendFrame", "*", Busy), new("WireFrame", "*", Busy)],
            _ => [],
        };
    }
}
