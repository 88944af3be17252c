using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Toolstack.Libxl;
using XenActors.Toolstack.Xl;

namespace XenActors.Experiments.Scenarios;

/// <summary>A host of a scenario, and the domains that stand on it, in the order of <see cref="XenMachine.Guests"/>.</summary>
/// <param name="Configs">What xl has read of each domain.</param>
public sealed record ScenarioSite(
    string Name, HostProfile Profile, XenMachine Machine, IReadOnlyList<ScenarioDomain> Domains, IReadOnlyList<DomainConfig> Configs);

/// <summary>A domain of a scenario, through all its lives.</summary>
/// <param name="Place">Among its host's guests.</param>
public sealed record ScenarioGuest(ScenarioSite Site, int Place)
{
    public ScenarioDomain Plan => Site.Domains[Place];

    public DomainConfig Config => Site.Configs[Place];

    public XenMachine Machine => Site.Machine;

    /// <summary>The number of its life now, or of its last one.</summary>
    public ushort Domain => Machine.Current(Place);

    public DomainState State => Machine.Domain(Domain);

    /// <summary>It was created, and has ended.</summary>
    public bool HasEnded => State is { Spec: not null, Status: not (DomainStatus.None or DomainStatus.Alive) };

    /// <summary>xl's daemon has still to do what the configuration says about a domain's end: clear up, or make it anew. It leaves alone what has suspended.</summary>
    public bool IsBeingCleared => HasEnded
        && Machine.Simulator.StateOf<LibxlState>(Machine.Toolstack) is { } toolstack
        && toolstack.Guests.TryGetValue(Domain, out var entry)
        && Machine.Simulator.StateOf<CreateState>(entry.Process) is { Phase: not (CreatePhase.Ended or CreatePhase.Killed) } xl
        && xl is not { Phase: CreatePhase.Living, SuspendTold: true, Orders.Count: 0 };
}
