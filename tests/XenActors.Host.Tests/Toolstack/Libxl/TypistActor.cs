using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.Tests.Toolstack.Libxl;

[Codec]
public sealed partial class TypistState
{
    public XenstoreClient Xs { get; set; } = new();

    public StoreBatch Batch { get; set; } = new();

    public bool Done { get; set; }
}

/// <summary>Somebody at a shell, or a guest's kernel: asks the store a list of things.</summary>
public sealed class TypistActor : Actor<TypistState>
{
    protected override void PreStart() => State.Batch.Advance(Context, State.Xs);

    public void On(in XsReply m) => State.Done = State.Xs.Accept(in m) && State.Batch.Advance(Context, State.Xs);
}
