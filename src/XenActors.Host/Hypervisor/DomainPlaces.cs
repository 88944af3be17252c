using XenActors.Simulation;

namespace XenActors.Hypervisor;

/// <summary>
/// Where each domain lives: its logical process. A domain's process always begins with the same actors, so their addresses follow
/// from the domain's number.
/// </summary>
[Codec]
public sealed partial class DomainPlaces
{
    /// <summary>The domain itself: CPUID, parameters, life cycle.</summary>
    public const int DomainLocal = 1;

    public const int EventChannelsLocal = 2;

    public const int GrantTableLocal = 3;

    /// <summary>The kernel's connection to xenstored.</summary>
    public const int XenbusLocal = 4;

    /// <summary>Logical process by domain number.</summary>
    public SortedDictionary<ushort, int> Processes { get; private set; } = [];

    public bool Has(ushort domain) => Processes.ContainsKey(domain);

    public ActorRef Domain(ushort domain) => At(domain, DomainLocal);

    public ActorRef EventChannels(ushort domain) => At(domain, EventChannelsLocal);

    public ActorRef GrantTable(ushort domain) => At(domain, GrantTableLocal);

    public ActorRef Xenbus(ushort domain) => At(domain, XenbusLocal);

    /// <summary>The domain whose process this is, or null.</summary>
    public ushort? DomainOf(int process)
    {
        foreach (var (domain, place) in Processes)
        {
            if (place == process)
            {
                return domain;
            }
        }

        return null;
    }

    private ActorRef At(ushort domain, int local) =>
        Processes.TryGetValue(domain, out var process) ? new(process, local) : ActorRef.None;
}
