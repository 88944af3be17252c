namespace XenActors.Experiments.Timelines;

/// <summary>A handled message that waits for its place in the file until what was sent meanwhile has arrived.</summary>
internal sealed class Handling
{
    public required ulong Track { get; init; }

    public required string Name { get; init; }

    public required EventArgument[] Arguments { get; init; }

    public required long Began { get; init; }

    public required long Ended { get; init; }

    /// <summary>The number of the first message that was sent meanwhile.</summary>
    public required ulong SentFirst { get; init; }

    public required int SentCount { get; init; }

    /// <summary>The arrow that ends here; 0 for none.</summary>
    public ulong Arrived { get; init; }

    /// <summary>How many of the messages have not arrived yet.</summary>
    public int Awaited { get; set; }

    /// <summary>The arrows that begin here.</summary>
    public List<ulong> Flows { get; } = [];
}
