using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>One queue of a vbd: its ring, its event channel, its requests and its persistent grants.</summary>
[Codec]
public sealed partial class BlkbackRing
{
    /// <summary>The frontend's reference of each of the ring's pages.</summary>
    public List<uint> RingRefs { get; set; } = [];

    /// <summary>Null until the pages are mapped.</summary>
    public BackRing? Ring { get; set; }

    public List<uint> RingHandles { get; set; } = [];

    public ActorRef Frontend { get; set; }

    /// <summary>The frontend's port; once <see cref="Bound"/>, the own one.</summary>
    public uint Port { get; set; }

    public bool Bound { get; set; }

    /// <summary>The requests' places, as many as the ring has slots.</summary>
    public BlkbackRequest[] Requests { get; set; } = [];

    private int[] FreePlaces { get; set; } = [];

    private int FreeCount { get; set; }

    public PersistentGrants Persistent { get; set; } = new();

    /// <summary>Requests that have been taken and not answered.</summary>
    public int InFlight => Requests.Length - FreeCount;

    /// <summary>The frontend broke this ring: it serves nobody any more.</summary>
    public bool Halted { get; set; }

    /// <summary>After a request that failed its checks nothing is taken for a millisecond.</summary>
    public bool Resting { get; set; }

    /// <summary>The ring's thread sleeps after GNTST_eagain.</summary>
    public bool Asleep { get; set; }

    /// <summary>The ring's thread is at work on a request, and goes on with the next by itself.</summary>
    public bool Working { get; set; }

    /// <summary>An event is not over yet; <see cref="Seen"/>: it has brought a request.</summary>
    public bool EventOpen { get; set; }

    public bool Seen { get; set; }

    /// <summary>The place of a barrier that waits for all before it; -1 when there is none.</summary>
    public int Barrier { get; set; } = -1;

    /// <summary>Whether requests may be taken.</summary>
    public bool Runs => Ring is not null && !Halted && !Resting && !Asleep && Barrier < 0;

    /// <summary>Statistics as in sysfs: read, write, flush and discard requests, and sectors read and written.</summary>
    public long ReadRequests { get; set; }

    public long WriteRequests { get; set; }

    public long FlushRequests { get; set; }

    public long DiscardRequests { get; set; }

    public long ReadSectors { get; set; }

    public long WriteSectors { get; set; }

    public void Attach(BackRing ring)
    {
        Ring = ring;
        Halted = false;
        if (Requests.Length != ring.Entries)
        {
            Requests = new BlkbackRequest[ring.Entries];
            FreePlaces = new int[ring.Entries];
            for (var i = 0; i < ring.Entries; i++)
            {
                Requests[i] = new BlkbackRequest();
                FreePlaces[i] = ring.Entries - 1 - i;
            }

            FreeCount = ring.Entries;
        }
    }

    /// <summary>A free place. A ring never has more requests out than slots, so there is one.</summary>
    public int TakePlace() => FreePlaces[--FreeCount];

    public void FreePlace(int place)
    {
        var request = Requests[place];
        request.Phase = BlkbackPhase.Free;
        request.Data = [];
        Array.Clear(request.Pages, 0, Math.Max(request.Segments, request.IndirectPages));
        FreePlaces[FreeCount++] = place;
    }
}
