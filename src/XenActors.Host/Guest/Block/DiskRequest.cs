using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A piece of a job's sectors in a request: <paramref name="Count"/> sectors from the job's sector <paramref name="At"/> on.</summary>
[Codec]
public readonly partial record struct RequestPart(int Job, uint At, uint Count);

/// <summary>One request of a disk's queue; several parts when neighbours were merged.</summary>
[Codec]
public sealed partial class DiskRequest
{
    public long Cookie { get; set; }

    public BlockOperation Operation { get; set; }

    public BlockFlags Flags { get; set; }

    public ulong Sector { get; set; }

    public uint Count { get; set; }

    public VirtualTime Queued { get; set; }

    public RequestPart First { get; set; }

    /// <summary>Merged behind the first, in the order of their sectors; null for none.</summary>
    public List<RequestPart>? More { get; set; }

    public int Parts => 1 + (More?.Count ?? 0);

    public RequestPart Part(int index) => index == 0 ? First : More![index - 1];
}
