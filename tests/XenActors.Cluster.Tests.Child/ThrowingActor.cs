using XenActors.Simulation;

namespace XenActors.Tests.Cluster;

/// <summary>Throws as soon as it starts.</summary>
public sealed class ThrowingActor : Actor<ThrowingState>
{
    protected override void PreStart() => throw new InvalidOperationException("the fuse has blown");
}

[Codec]
public sealed partial class ThrowingState
{
    public int Unused { get; set; }
}
