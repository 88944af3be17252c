using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;

namespace XenActors.SplitDrivers;

/// <summary>
/// A batch of maps or copies of which some have met GNTST_eagain, and the answers that are there: each of these is done again by itself, one after the
/// other, and the driver hears of the batch when all are over. Exactly one of the three calls is there.
/// </summary>
[Codec]
public sealed partial class GrantRetry
{
    /// <summary>So often one operation may meet GNTST_eagain, the first time included, and still succeed; once more, and it has failed.</summary>
    public const int Most = 255;

    /// <summary>Tells it apart from earlier ones with the same cookie.</summary>
    public required int Number { get; set; }

    /// <summary>Who sleeps in it, as the driver numbers its threads: each does one thing at a time.</summary>
    public required int Thread { get; set; }

    public MapGrants? Map { get; set; }

    public CopyFromGrants? From { get; set; }

    public CopyToGrants? To { get; set; }

    public required List<GnttabStatus> Statuses { get; set; }

    public List<uint> Handles { get; set; } = [];

    /// <summary>What the pages hold, or the bytes that were copied out of them.</summary>
    public byte[] Data { get; set; } = [];

    public ActorRef Owner { get; set; }

    /// <summary>The operation that is being done again.</summary>
    public int At { get; set; }

    /// <summary>How long the next sleep is, in milliseconds.</summary>
    public int Delay { get; set; }

    public long Cookie => Map?.Cookie ?? From?.Cookie ?? To!.Cookie;

    /// <summary>Where an extent's bytes begin in the copy's.</summary>
    public static int OffsetOf(List<GrantExtent> extents, int index)
    {
        var at = 0;
        for (var i = 0; i < index; i++)
        {
            at += extents[i].Length;
        }

        return at;
    }
}

/// <summary>A thread has slept long enough after GNTST_eagain.</summary>
[Codec]
public readonly partial record struct GrantRetryDue(int Number);
