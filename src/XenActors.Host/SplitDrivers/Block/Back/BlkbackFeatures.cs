namespace XenActors.SplitDrivers.Block.Back;

/// <summary>What a backend of this host knows, as far as it is not in every one. It follows from the keys that it publishes.</summary>
[Flags]
public enum BlkbackFeatures : byte
{
    None = 0,
    Barrier = 1,
    Flush = 2,
    Discard = 4,
    Indirect = 8,
    Persistent = 16,

    /// <summary>Several queues (Linux 4.4), and so the messages of a newer kernel, and its late end of events.</summary>
    Queues = 32,
}
