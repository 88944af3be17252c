using XenActors.Abi;
using XenActors.SplitDrivers.Block.Back;
using XenActors.Xenstore;

namespace XenActors.DeviceModel;

/// <summary>
/// A disk that QEMU serves (hw/block/xen-block.c), from InitWait on: its keys stand already, its state is written outright, and errors go to
/// QEMU's own log. It keeps no page mapped and knows no indirect requests.
/// </summary>
public sealed class QdiskActor : BlkbackActor
{
    protected override Simulation.VirtualDuration RequestCost => Driver.Costs.DeviceModelBlock;

    // Since QEMU 2.8; the traditional one maps.
    protected override bool Copies => Driver.GrantCopy;

    // xen-block.c: max-ring-page-order, as QemuDiskNodes publishes it
    private const int RingPageOrderMax = 4;

    // xen_block_handle_request: "error: unknown operation"
    protected override BlkifStatus UnknownOperation => BlkifStatus.Error;

    protected override bool Pauses => false;

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
            State.Watching = true;
            WatchOther();
        }
    }

    protected override void Start()
    {
        State.Features = BlkbackFeatures.Flush | BlkbackFeatures.Discard;
        State.Step = BlkbackStep.QdiskMode;
        Xs.Read(Context, Device.Path("mode"));
    }

    protected override void Connect() => SwitchTo(XenbusState.Connected);

    protected override void SwitchTo(XenbusState state)
    {
        State.Step = BlkbackStep.Waiting;
        Device.Put(Context, Xs, Driver.Domain, state);
    }

    protected override long Offered(string key, long otherwise) => key == "max-ring-page-order" ? RingPageOrderMax : otherwise;

    // The frontend may come again.
    protected override void Fatal(string text) => State.Step = BlkbackStep.Waiting;

    protected override void WriteError(string text)
    {
    }

    protected override void Log(string text)
    {
    }

    protected override void Leave() => Context.Tell(Xs.Server, new XsDisconnect());
}
