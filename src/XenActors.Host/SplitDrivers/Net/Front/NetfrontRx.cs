using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Front;

/// <summary>A frame whose pages are being read: how many bytes they hold, whether they are a frame, and what the backend says of it.</summary>
[Codec]
public readonly partial record struct NetfrontRxFrame(int Bytes, bool Ok, NetRxFlags Flags, NetifGsoType GsoType, ushort GsoSize);

/// <summary>Frames whose pages are read together.</summary>
[Codec]
public sealed partial record NetfrontRxBatch(List<NetfrontRxFrame> Frames);

/// <summary>One vif's frames from its backend.</summary>
[Codec]
public sealed partial class NetfrontRx
{
    /// <summary>By slot of the ring: the posted page's reference, else 0.</summary>
    public uint[] Refs { get; set; } = [];

    /// <summary>Pages are being granted.</summary>
    public bool Granting { get; set; }

    /// <summary>What is being read, in order.</summary>
    public Queue<NetfrontRxBatch> Reading { get; set; } = [];

    public long Count { get; set; }

    public long Bytes { get; set; }

    /// <summary>Frames that nobody could make out.</summary>
    public long Errors { get; set; }

    /// <summary>Frames of a type that no program wants.</summary>
    public long Dropped { get; set; }

    /// <summary>For a new ring. The counts are the network device's, which outlives its rings.</summary>
    public NetfrontRx For(int entries) => new() { Refs = new uint[entries], Count = Count, Bytes = Bytes, Errors = Errors, Dropped = Dropped };
}
