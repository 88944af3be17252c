using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

public enum FioPhase : byte
{
    Opening,
    Running,

    /// <summary>No more transfers are sent; those that are out are awaited.</summary>
    Draining,
    EndSync,

    /// <summary>What was written is read again.</summary>
    Verifying,
    Done,
}

/// <summary>A transfer that is out.</summary>
[Codec]
public readonly partial record struct FioTransfer(bool Write, bool Again, long At, int Bytes, VirtualTime Issued, VirtualDuration Submission, long Number)
{
    /// <summary>A read's: what each sector must hold at least; null when nothing is checked.</summary>
    public long[]? Least { get; init; }

    public bool Trim { get; init; }
}

/// <summary>A write that waits for another one to the same place.</summary>
[Codec]
public readonly partial record struct FioHeld(long At, int Bytes);

/// <summary>A job's process: what it does next, and what it has measured.</summary>
[Codec]
public sealed partial class FioState
{
    public required FioJob Job { get; init; }

    /// <summary>0 for the first of <c>numjobs</c>.</summary>
    public required int Number { get; init; }

    public required ushort Domain { get; init; }

    public required ActorRef Block { get; init; }

    /// <summary>The kernel's work for sending one request, which the job's own vCPU does.</summary>
    public required VirtualDuration SubmitCost { get; init; }

    public FioPhase Phase { get; set; }

    public BlockErrno Error { get; set; }

    public uint Handle { get; set; }

    public BlockGeometry Geometry { get; set; }

    /// <summary>The region, in bytes of the device.</summary>
    public long Begin { get; set; }

    public long Length { get; set; }

    public VirtualTime Started { get; set; }

    public VirtualTime Ended { get; set; }

    public bool TimeOver { get; set; }

    public FioDirection Reads { get; init; } = new();

    public FioDirection Writes { get; init; } = new();

    public FioDirection Trims { get; init; } = new();

    public LatencyHistogram Syncs { get; init; } = new();

    public List<FioTransfer> Out { get; init; } = [];

    public List<int> Free { get; init; } = [];

    public int OutCount { get; set; }

    public long Issued { get; set; }

    public long IssuedBytes { get; set; }

    /// <summary>Submissions by the depth that they made: 1, 2, 4, ... 64 and more.</summary>
    public long[] Depths { get; init; } = new long[7];

    public FioHeld? Held { get; set; }

    public int WritesSinceSync { get; set; }

    public bool SyncDue { get; set; }

    public bool Syncing { get; set; }

    public VirtualTime SyncIssued { get; set; }

    /// <summary>Answers that the sync which is out will cover.</summary>
    public long SyncCovers { get; set; }

    /// <summary>A bit for each block of a random job that has been hit.</summary>
    public ulong[] Map { get; set; } = [];

    public long MapUsed { get; set; }

    public StampLedger? Ledger { get; set; }

    /// <summary>Reads that were not as they should be and are made again, by their place.</summary>
    public SortedDictionary<long, byte[]> Suspects { get; init; } = [];

    public StampFindings Findings { get; init; } = new();

    /// <summary>The region's byte at which the reading again goes on.</summary>
    public long VerifyNext { get; set; }
}
