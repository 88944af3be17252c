using XenActors.Simulation;

namespace XenActors.Experiments.Recordings;

/// <summary>How a recording ends.</summary>
public enum RecordingEnd
{
    /// <summary>The session was ended, and said so.</summary>
    Ended,

    /// <summary>The session was killed: the last lines are missing.</summary>
    Cut,

    /// <summary>The session was killed in the middle of a line, which is ignored.</summary>
    Torn,

    /// <summary>The replay was told to stop before the end.</summary>
    NotReached,
}

/// <summary>Between two looks of the recorded session its history and the replay's parted.</summary>
/// <param name="From">Up to here both were the same.</param>
/// <param name="To">Here they were not.</param>
/// <param name="Processes">The logical processes whose histories differ.</param>
public sealed record ReplayDifference(VirtualTime From, VirtualTime To, IReadOnlyList<string> Processes)
{
    public override string ToString() => $"the histories part between {From} s and {To} s, in {string.Join(", ", Processes)}";
}

/// <summary>What became of a replay.</summary>
/// <param name="Fingerprint">Of the replay, where it stopped.</param>
/// <param name="Recorded">Of the recorded session at its end; null when the replay has not met one.</param>
/// <param name="Missing">A read that the recording does not have; null when there was none.</param>
public sealed record ReplayOutcome(
    RecordingEnd End, VirtualTime Time, long Inputs, long Requests, long DiskRequests, int Clients, Fingerprint Fingerprint, Fingerprint? Recorded, ReplayDifference? Difference, string? Missing)
{
    /// <summary>Nothing is known that differs.</summary>
    public bool Same => Difference is null && Missing is null;
}

/// <summary>How far a replay has come.</summary>
public readonly record struct ReplayProgress(VirtualTime Now, long Inputs);
