namespace XenActors.Hocon;

/// <summary>Bounds that keep a hostile file an error message instead of a dead process.</summary>
public static class HoconLimits
{
    /// <summary>Objects and lists inside each other, written or made by substitutions: parser, resolver and renderer recurse.</summary>
    public const int MaxNesting = 200;

    /// <summary>Substitutions that wait for each other: each one costs the resolver a few stack frames.</summary>
    public const int MaxSubstitutionDepth = 500;

    /// <summary>Files that include each other in a row.</summary>
    public const int MaxIncludeDepth = 50;

    /// <summary>Files in one document: doubling includes would otherwise read a few files 2^50 times.</summary>
    public const int MaxIncludedFiles = 2_000;

    /// <summary>Values and characters that substitutions may copy: doubling concatenations grow as 2^n.</summary>
    public const long MaxExpansion = 20_000_000;
}
