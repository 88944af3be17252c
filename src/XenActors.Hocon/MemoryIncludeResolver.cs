namespace XenActors.Hocon;

/// <summary>Serves files from a dictionary; names use <c>/</c>, and relative names are taken from the including file's folder.</summary>
public sealed class MemoryIncludeResolver(IReadOnlyDictionary<string, string> files) : IIncludeResolver
{
    public string Locate(string including, string target)
    {
        if (target.StartsWith('/'))
        {
            return IncludeNames.Fold(target);
        }
        var slash = including.LastIndexOf('/');
        return IncludeNames.Fold(slash < 0 ? target : including[..(slash + 1)] + target);
    }

    public string? Read(string location) => files.TryGetValue(location, out var text) ? text : null;
}
