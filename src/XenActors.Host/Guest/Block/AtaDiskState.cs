using XenActors.Simulation;

namespace XenActors.Guest.Block;

[Codec]
public sealed partial class AtaDiskState
{
    public required ActorRef Domain { get; init; }

    public required byte Channel { get; init; }

    /// <summary>0 for the master, 1 for the slave.</summary>
    public required byte Position { get; init; }

    /// <summary>Reads at the device model, by our cookie.</summary>
    public SortedDictionary<long, AtaRead> Reads { get; } = [];

    public long NextCookie { get; set; }
}

[Codec]
public readonly partial record struct AtaRead(ActorRef Asker, long Cookie);
