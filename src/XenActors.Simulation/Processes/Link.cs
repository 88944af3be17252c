namespace XenActors.Simulation;

/// <summary>One direction between two logical processes.</summary>
internal sealed class Link(int destination, long latency)
{
    public int Destination { get; } = destination;

    /// <summary>Nanoseconds, positive: this link's lookahead.</summary>
    public long Latency { get; } = latency;

    /// <summary>Asked in install order about what is sent; null when there are none.</summary>
    public List<FaultRule>? Rules { get; set; }
}
