using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>Eight sectors of a disk in the guest's memory.</summary>
[Codec]
public sealed partial class CachePage
{
    public required ulong Index { get; init; }

    /// <summary>4096 bytes. Copied before it changes while a request may still read it.</summary>
    public byte[] Data { get; set; } = [];

    /// <summary>Not on the disk yet; 0 when it is, else the epoch since when.</summary>
    public long DirtyEpoch { get; set; }

    public VirtualTime DirtySince { get; set; }

    /// <summary>On its way to the disk; 0, or the epoch of what is under way.</summary>
    public long WritebackEpoch { get; set; }

    /// <summary>Used since the reclaim looked last.</summary>
    public bool Referenced { get; set; }

    public bool Dirty => DirtyEpoch != 0;

    public bool Writeback => WritebackEpoch != 0;
}
