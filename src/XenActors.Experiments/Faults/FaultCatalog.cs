using XenActors.Experiments.Faults.Kinds;

namespace XenActors.Experiments.Faults;

/// <summary>All kinds of faults.</summary>
public static class FaultCatalog
{
    /// <summary>By subject, the everyday ones first.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        .. EventFaults.All, .. RingFaults.All, .. GrantFaults.All, .. XenstoreFaults.All, .. DomainFaults.All, .. BackendFaults.All,
        .. DiskFaults.All, .. HotplugFaults.All, .. ToolstackFaults.All, .. LinkFaults.All, .. HostFaults.All,
    ];

    public static FaultKind? Find(string name) => All.FirstOrDefault(k => k.Name == name);

    /// <exception cref="UserErrorException">There is no such kind: where it was named, and which name is near.</exception>
    public static FaultKind Require(string name, string where) => Find(name) ?? throw new UserErrorException(
        $"{where}: there is no kind of fault {name}{NearestName.Suggest(name, All.Select(k => k.Name))} (xenactors faults lists them)");
}
