using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.DeviceModel;

/// <summary>Brings QEMU's own disk backends to InitWait.</summary>
public sealed class QemuXenbusActor : Actor<QemuXenbusState>
{
    protected override void PreStart() => State.Batch.Advance(Context, State.Xs);

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in XsReply m)
    {
        if (State.Xs.Accept(in m))
        {
            State.Batch.Advance(Context, State.Xs);
        }
    }
}
