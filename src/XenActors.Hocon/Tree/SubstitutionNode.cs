namespace XenActors.Hocon;

/// <summary><c>${path}</c>, <c>${?path}</c>, or <c>${path[]}</c>, which may also be a list of environment variables.</summary>
internal sealed class SubstitutionNode(
    HoconOrigin origin, IReadOnlyList<string> path, IncludeScope? scope, bool optional, bool asList) : Node(origin)
{
    public IReadOnlyList<string> Path { get; } = path;

    public bool Optional { get; } = optional;

    public bool AsList { get; } = asList;

    /// <summary>Where the path may be found: first relative to the innermost included file, at last at the root.</summary>
    public IEnumerable<IReadOnlyList<string>> Candidates()
    {
        for (var at = scope; at is not null; at = at.Outer)
        {
            yield return [.. at.Prefix, .. Path];
        }
        yield return Path;
    }

    public override string ToString() => $"${{{(Optional ? "?" : "")}{HoconPath.Format(Path)}{(AsList ? "[]" : "")}}}";
}
