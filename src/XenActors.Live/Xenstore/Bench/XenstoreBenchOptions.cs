namespace XenActors.Live.Xenstore.Bench;

/// <summary>What a benchmark of daemons runs.</summary>
public sealed record XenstoreBenchOptions
{
    /// <summary>The daemons' sockets: one, or two that take turns.</summary>
    public required IReadOnlyList<string> Sockets { get; init; }

    /// <summary>How long each load runs on each daemon, all rounds together.</summary>
    public TimeSpan PerLoad { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Into how many rounds that time is cut; each daemon has a turn in each.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Only loads whose name contains this.</summary>
    public string Only { get; init; } = "";
}
