namespace XenActors.Simulation;

/// <summary>What a node is about to run, compared with the others' before every run: an experiment that depends on anything but seed and history shows here.</summary>
/// <param name="Limit">Until when, in nanoseconds.</param>
/// <param name="Now">From when.</param>
/// <param name="ToldFromOutside">How many messages the world outside has sent so far.</param>
/// <param name="Start">A hash of everything before the first run; afterwards 0.</param>
[Codec]
internal readonly partial record struct RunRequest(long Limit, long Now, ulong ToldFromOutside, ulong Start)
{
    public string? DifferenceFrom(in RunRequest other) =>
        Start != other.Start ? "has spawned or told other things before the first run"
        : Now != other.Now ? $"stands at {new VirtualTime(Now)}, not {new VirtualTime(other.Now)}"
        : Limit != other.Limit ? $"is to run until {new VirtualTime(Limit)}, not {new VirtualTime(other.Limit)}"
        : ToldFromOutside != other.ToldFromOutside ? $"has told {ToldFromOutside} messages from outside, not {other.ToldFromOutside}"
        : null;
}
