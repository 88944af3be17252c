using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>One queue of a disk: its ring, its event channel, its requests and its pages.</summary>
[Codec]
public sealed partial class BlkfrontRing
{
    public required FrontRing Ring { get; set; }

    /// <summary>The reference of each of the ring's pages; empty until they are granted.</summary>
    public List<uint> RingRefs { get; set; } = [];

    public uint Port { get; set; }

    /// <summary>The backend, once it has mapped the ring.</summary>
    public ActorRef Backend { get; set; }

    /// <summary>By request id.</summary>
    public BlkfrontShadow[] Shadows { get; set; } = [];

    private int FreeId { get; set; } = -1;

    public BlkfrontBuffers Buffers { get; set; } = new();

    /// <summary>Places of the block layer's requests that have parts to be put on the ring.</summary>
    public Queue<int> Pending { get; set; } = [];

    /// <summary>The id whose pages are being granted, and for which the others wait; -1 when there is none.</summary>
    public int Granting { get; set; } = -1;

    /// <summary>Written into data pages since the last publication.</summary>
    public List<PageWrite> Writes { get; set; } = [];

    /// <summary>The next purge of idle grants is planned.</summary>
    public bool PurgePlanned { get; set; }

    /// <summary>When a request ended last, in nanoseconds.</summary>
    public long LastUse { get; set; }

    public bool HasFreeId => FreeId >= 0;

    /// <summary>Ids from 0 up to the ring's last slot, the first one first.</summary>
    public static BlkfrontRing Create(FrontRing ring, int segments, int indirectPages)
    {
        var queue = new BlkfrontRing { Ring = ring, Shadows = new BlkfrontShadow[ring.Entries], FreeId = 0 };
        for (var id = 0; id < ring.Entries; id++)
        {
            queue.Shadows[id] = new BlkfrontShadow { NextFree = id + 1 < ring.Entries ? id + 1 : -1 };
        }

        queue.Size(segments, indirectPages);
        return queue;
    }

    /// <summary>Room for what was negotiated: every slot with all its segments.</summary>
    public void Size(int segments, int indirectPages)
    {
        foreach (var shadow in Shadows)
        {
            shadow.Buffers = new int[segments + indirectPages];
        }

        Buffers = BlkfrontBuffers.Create(Ring.Entries * (segments + indirectPages));
    }

    public int TakeId()
    {
        var id = FreeId;
        FreeId = Shadows[id].NextFree;
        return id;
    }

    public void FreeTheId(int id)
    {
        Shadows[id].Status = ShadowStatus.Free;
        Shadows[id].NextFree = FreeId;
        FreeId = id;
    }
}
