namespace XenActors.Hocon;

/// <summary>The keys under which an included file's root lies, and the same for the file that includes it.</summary>
internal sealed class IncludeScope(IReadOnlyList<string> prefix, IncludeScope? outer)
{
    public IReadOnlyList<string> Prefix { get; } = prefix;

    public IncludeScope? Outer { get; } = outer;
}
