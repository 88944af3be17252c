using XenActors.Experiments.Fio;
using XenActors.Experiments.Placement;
using XenActors.Experiments.Workloads.Hypercalls;
using XenActors.Experiments.Workloads.Store;
using XenActors.Machine.Network;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A system, what it does, what may go wrong in it, and what must hold all the same: a scenario file, read and checked.</summary>
public sealed record Scenario
{
    /// <summary>The file's name without its extension.</summary>
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public ulong Seed { get; init; } = 1;

    public required IReadOnlyList<ScenarioHost> Hosts { get; init; }

    /// <summary>Between the hosts, where there are several.</summary>
    public NetworkPlan Network { get; init; } = new();

    public IReadOnlyList<ScenarioDomain> Domains { get; init; } = [];

    public IReadOnlyList<ScenarioVolume> Volumes { get; init; } = [];

    public IReadOnlyList<ScenarioWorkload> Workloads { get; init; } = [];

    public IReadOnlyList<ScenarioCommand> Commands { get; init; } = [];

    public IReadOnlyList<FaultSpec> Faults { get; init; } = [];

    /// <summary>By name; <c>all</c> stands for every checker.</summary>
    public IReadOnlyList<string> Checkers { get; init; } = ["all"];

    /// <summary>file:line:column of <see cref="Checkers"/>.</summary>
    public string CheckersAt { get; init; } = "";

    /// <summary>Runs all of it again, on one thread and on several, and compares the histories.</summary>
    public bool Verify { get; init; }

    /// <summary>Known defects that are switched on, by name.</summary>
    public IReadOnlyList<string> Defects { get; init; } = [];

    /// <summary>Where the file names them.</summary>
    public string DefectsAt { get; init; } = "";

    /// <summary>Where its processes run when there are several nodes.</summary>
    public ScenarioPlacement Placement { get; init; } = new();

    public ScenarioEnd End { get; init; } = new();
}

/// <param name="Profile">A host profile's name or file.</param>
/// <param name="Where">file:line:column.</param>
public sealed record ScenarioHost(string Name, string Profile, string Where);

/// <summary>A guest.</summary>
public sealed record ScenarioDomain
{
    /// <summary>As xl knows it.</summary>
    public required string Name { get; init; }

    public string Host { get; init; } = "";

    /// <summary>The text of its xl configuration.</summary>
    public required string Config { get; init; }

    /// <summary>What errors in that text are reported for.</summary>
    public required string ConfigName { get; init; }

    /// <summary>A kernel profile's name or file.</summary>
    public required string Kernel { get; init; }

    /// <summary>Replaces the kernel's command line.</summary>
    public string? CommandLine { get; init; }

    /// <summary>How often it may be created anew after its end: each life has a domain number of its own.</summary>
    public int Restarts { get; init; }

    public string Where { get; init; } = "";
}

/// <summary>What lies behind a path that disks name.</summary>
public sealed record ScenarioVolume
{
    public required string Path { get; init; }

    /// <summary>Bytes; whole KiB.</summary>
    public long Size { get; init; }

    /// <summary>Primary partitions, in KiB.</summary>
    public IReadOnlyList<long> Partitions { get; init; } = [];

    /// <summary>A raw image whose bytes the volume begins with; it is never written.</summary>
    public string? Image { get; init; }

    public string Where { get; init; } = "";
}

/// <summary>What a domain does once it has booted.</summary>
public sealed record ScenarioWorkload
{
    public required string Name { get; init; }

    /// <summary><c>fio</c>, <c>store</c>, <c>net</c> or <c>hypercalls</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>A domain's name, or <c>dom0</c>.</summary>
    public string Domain { get; init; } = "";

    /// <summary>After its domain has booted.</summary>
    public VirtualDuration Delay { get; init; }

    public FioJob? Fio { get; init; }

    public StoreTraffic? Store { get; init; }

    public NetTraffic? Net { get; init; }

    public HypercallTraffic? Hypercalls { get; init; }

    public string Where { get; init; } = "";
}

/// <summary>What is typed at dom0's shell.</summary>
/// <param name="Line">As <c>xl shutdown web</c>.</param>
/// <param name="Command">The line, understood.</param>
public sealed record ScenarioCommand(string Name, string Line, ShellCommand Command, FaultMoment When, string Where);

/// <summary>When a run is over.</summary>
public sealed record ScenarioEnd
{
    /// <summary>At this virtual time at the latest.</summary>
    public VirtualDuration At { get; init; } = VirtualDuration.FromSeconds(600);

    /// <summary>Runs on for so long when all has been done.</summary>
    public VirtualDuration Settle { get; init; } = VirtualDuration.FromSeconds(5);

    /// <summary>What must finish finishes within this after the last fault has healed.</summary>
    public VirtualDuration Within { get; init; } = VirtualDuration.FromSeconds(60);

    /// <summary>A model that handles more messages than this has no end: it has failed.</summary>
    public int Messages { get; init; } = 50_000_000;
}
