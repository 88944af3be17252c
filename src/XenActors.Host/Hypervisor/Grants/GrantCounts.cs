using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

/// <summary>What other domains have done to a domain's grants: hypercalls, and operations in them; and the domain's own hypercalls.</summary>
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

    /// <summary>This domain's own: for more frames, and operations on its table.</summary>
    public long OwnCalls { get; set; }

    public long Operations => Maps + Unmaps + Copies;
}
