using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>A trace as one number for each record: enough to find where another one parts from it.</summary>
internal sealed class TraceDigests : ITraceSink
{
    private readonly List<ulong> _digests = [];

    public int Count => _digests.Count;

    public ulong this[int index] => _digests[index];

    // Within one process all that a record has gives one hash. Modulo 2^64.
    public static ulong Of(in TraceRecord record) => unchecked((record.Digest * 0x9E3779B97F4A7C15) + (uint)record.GetHashCode());

    public void Record(in TraceRecord record) => _digests.Add(Of(in record));
}
