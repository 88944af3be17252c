using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>What was negotiated: Linux' <c>blkfront_gather_backend_features</c>.</summary>
[Codec]
public sealed partial record BlkfrontFeatures
{
    public static readonly BlkfrontFeatures None = new();

    public bool Flush { get; init; }

    /// <summary>Only a backend with barriers has it: a barrier is a flush that is ordered, too.</summary>
    public bool Fua { get; init; }

    public bool Discard { get; init; }

    public bool SecureDiscard { get; init; }

    public bool Persistent { get; init; }

    /// <summary>Segments of an indirect request; 0 when there are none.</summary>
    public int IndirectSegments { get; init; }

    public int Segments => IndirectSegments > 0 ? IndirectSegments : BlkifLimits.MaxSegmentsPerRequest;

    /// <summary>Pages that hold the segments of the largest request.</summary>
    public int IndirectPages => PagesFor(IndirectSegments);

    /// <summary>INDIRECT_GREFS</summary>
    public static int PagesFor(int segments) => (segments + BlkifRequestIndirect.SegmentsPerPage - 1) / BlkifRequestIndirect.SegmentsPerPage;
}
