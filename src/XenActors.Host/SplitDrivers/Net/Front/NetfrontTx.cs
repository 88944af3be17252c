using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Front;

/// <summary>A program's frame that waits for room on the ring: Linux' queue discipline.</summary>
[Codec]
public readonly partial record struct NetfrontQueued(NetFrame Frame, ActorRef Program, long Cookie);

/// <summary>A frame on the ring: who sent it, and how many of its slots are not answered.</summary>
[Codec]
public partial struct NetfrontSending
{
    public ActorRef Program { get; set; }

    public long Cookie { get; set; }

    public int Slots { get; set; }
}

/// <summary>One vif's frames to its backend.</summary>
[Codec]
public sealed partial class NetfrontTx
{
    /// <summary>Frames that wait, up to the device's <c>txqueuelen</c>.</summary>
    public Queue<NetfrontQueued> Waiting { get; set; } = [];

    /// <summary>The first of them has its pages granted now.</summary>
    public bool Granting { get; set; }

    /// <summary>By request id: the page's reference while the request is out, else 0.</summary>
    public uint[] Refs { get; set; } = [];

    /// <summary>By request id: the frame's place in <see cref="Frames"/>; for a free one the next free id, or -1.</summary>
    public int[] Links { get; set; } = [];

    public int FreeId { get; set; } = -1;

    public NetfrontSending[] Frames { get; set; } = [];

    public int[] FreeFrames { get; set; } = [];

    public int FreeFrameCount { get; set; }

    public long Count { get; set; }

    public long Bytes { get; set; }

    /// <summary>Before the ring: the queue was full, the carrier off, or the frame too long.</summary>
    public long Dropped { get; set; }

    /// <summary>Frames of which the backend has refused a slot. Linux does not look.</summary>
    public long Refused { get; set; }

    /// <summary>For a new ring. The queue and the counts are the network device's, which outlives its rings.</summary>
    public NetfrontTx For(int entries)
    {
        var tx = new NetfrontTx
        {
            Waiting = Waiting,
            Count = Count,
            Bytes = Bytes,
            Dropped = Dropped,
            Refused = Refused,
            Refs = new uint[entries],
            Links = new int[entries],
            FreeId = 0,
            Frames = new NetfrontSending[entries],
            FreeFrames = new int[entries],
            FreeFrameCount = entries,
        };
        for (var i = 0; i < entries; i++)
        {
            tx.Links[i] = i + 1 < entries ? i + 1 : -1;
            tx.FreeFrames[i] = entries - 1 - i;
        }

        return tx;
    }

    public int TakeId(uint reference, int frame)
    {
        var id = FreeId;
        FreeId = Links[id];
        (Refs[id], Links[id]) = (reference, frame);
        return id;
    }

    public void FreeTheId(int id)
    {
        (Refs[id], Links[id]) = (0, FreeId);
        FreeId = id;
    }
}
