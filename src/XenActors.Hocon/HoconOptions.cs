namespace XenActors.Hocon;

/// <summary>What a document may reach for outside of its own text. By default: files, and nothing else.</summary>
public sealed record HoconOptions
{
    public static HoconOptions Default { get; } = new();

    /// <summary>Looks up the name of a substitution that no file defines; null for "no such name". Off unless set.</summary>
    /// <remarks>A delegate, so that the process's environment is the caller's choice and never read behind its back.</remarks>
    public Func<string, string?>? EnvironmentFallback { get; init; }

    /// <summary>Supplies the text of files and of what they include.</summary>
    public IIncludeResolver IncludeResolver { get; init; } = new FileIncludeResolver();
}
