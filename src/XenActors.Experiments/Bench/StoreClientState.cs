using XenActors.Simulation;

namespace XenActors.Experiments.Bench;

/// <summary>A client of the simulated xenstored: what it asks over and over, and how far it is.</summary>
[Codec]
public sealed partial class StoreClientState
{
    public ActorRef Server { get; set; }

    public StoreLoad Load { get; set; }

    /// <summary>Which client it is: each has its own keys.</summary>
    public int Index { get; set; }

    public uint Transaction { get; set; }

    public uint Next { get; set; }

    public long Replies { get; set; }

    public long Errors { get; set; }

    public long Events { get; set; }

    /// <summary>The payloads of its requests. A message's arrays are never changed, so that each can be sent again.</summary>
    [CodecIgnore]
    internal StoreRequests? Requests { get; set; }
}
