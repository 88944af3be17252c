using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>Requests in the order in which they leave: a ring in one array, so that a queue which is never empty never allocates.</summary>
[Codec]
public sealed partial class RequestRing
{
    private const int Least = 16;

    public DiskRequest?[] Ring { get; private set; } = new DiskRequest?[Least];

    public int Head { get; private set; }

    public int Count { get; private set; }

    public DiskRequest this[int index] => Ring[(Head + index) & (Ring.Length - 1)]!;

    public void Add(DiskRequest request)
    {
        Grow();
        Ring[(Head + Count++) & (Ring.Length - 1)] = request;
    }

    public void AddFirst(DiskRequest request)
    {
        Grow();
        Head = (Head + Ring.Length - 1) & (Ring.Length - 1);
        Ring[Head] = request;
        Count++;
    }

    public DiskRequest Take()
    {
        var request = Ring[Head]!;
        Ring[Head] = null;
        Head = (Head + 1) & (Ring.Length - 1);
        Count--;
        return request;
    }

    private void Grow()
    {
        if (Count < Ring.Length)
        {
            return;
        }

        var larger = new DiskRequest?[Ring.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = this[i];
        }

        (Ring, Head) = (larger, 0);
    }
}
