namespace XenActors.Experiments.Faults;

/// <summary>What a kind of fault is about.</summary>
public enum FaultSubject
{
    EventChannels,
    Rings,
    Grants,
    Xenstore,
    Domains,
    Backends,
    Disks,
    Hotplug,
    Toolstack,
    Links,
    Hosts,
}
