using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>What other domains have done to a domain's grants: hypercalls, and operations in them.</summary>
[Codec]
public sealed partial class GrantCounts
{
    public long MapCalls { get; set; }

    public long Maps { get; set; }

    public long UnmapCalls { get; set; }

    public long Unmaps { get; set; }

    public long CopyCalls { get; set; }

    public long Copies { get; set; }

    public long BytesCopied { get; set; }

    public long Operations => Maps + Unmaps + Copies;
}
