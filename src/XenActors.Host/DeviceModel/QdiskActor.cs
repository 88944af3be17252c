using XenActors.Abi;
using XenActors.SplitDrivers.Block.Back;
using XenActors.Xenstore;

namespace XenActors.DeviceModel;

/// <summary>
/// A disk that QEMU serves (hw/block/xen-block.c), from InitWait on: its keys stand already, its state is written outright, and errors go to
/// QEMU's own log.
/// </summary>
public sealed class QdiskActor : BlkbackActor
{
    protected override void Answered()
    {
        if (State.Step != BlkbackStep.QdiskMode)
        {
            base.Answered();
            return;
        }

        State.Step = BlkbackStep.Waiting;
        if (Take(State.Volume!))
        {
            WatchOther();
        }
    }

    protected override void Start()
    {
        State.Step = BlkbackStep.QdiskMode;
        Xs.Read(Context, Device.Path("mode"));
    }

    protected override void Connect()
    {
        State.Step = BlkbackStep.Waiting;
        Device.Put(Context, Xs, Driver.Domain, XenbusState.Connected);
    }

    // The frontend may come again.
    protected override void Fatal(string text) => State.Step = BlkbackStep.Waiting;

    protected override void WriteError(string text)
    {
    }

    protected override void Leave() => Context.Tell(Xs.Server, new XsDisconnect());
}
