using XenActors.Experiments.Faults;
using XenActors.Machine;

namespace XenActors.Experiments.Zoo;

/// <summary>All known defects.</summary>
public static class DefectCatalog
{
    /// <summary>By component.</summary>
    public static IReadOnlyList<KnownDefect> All { get; } = [.. BlockDefects.All, .. StoreDefects.All, .. SystemDefects.All];

    public static KnownDefect? Find(string name) => All.FirstOrDefault(d => d.Name == name);

    /// <param name="where">Where it was named.</param>
    /// <exception cref="UserErrorException">There is no such defect: where it was named, and which name is near.</exception>
    public static KnownDefect Require(string name, string where) => Find(name) ?? throw new UserErrorException(
        $"{where}: there is no defect {name}{NearestName.Suggest(name, All.Select(d => d.Name))} (xenactors defects lists them)");

    /// <summary>The switches of all that are named.</summary>
    /// <exception cref="UserErrorException">As above.</exception>
    public static Defects Flags(IEnumerable<string> names, string where) =>
        names.Aggregate(Defects.None, (flags, name) => flags | Require(name, where).Flag);
}
