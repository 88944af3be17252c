using XenActors.Machine;
using XenActors.Simulation;
using XenActors.SplitDrivers;
using XenActors.SplitDrivers.Block.Back;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.DeviceModel;

/// <summary>Brings QEMU's own disk backends to InitWait; from there each one serves its frontend.</summary>
public sealed class QemuXenbusActor : Actor<QemuXenbusState>
{
    protected override void PreStart() => State.Batch.Advance(Context, State.Xs);

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in XsReply m)
    {
        if (!State.Xs.Accept(in m) || !State.Batch.Advance(Context, State.Xs))
        {
            return;
        }

        foreach (var disk in State.Disks)
        {
            Serve(disk);
        }

        State.Disks.Clear();
    }

    private void Serve(DiskPlan disk)
    {
        var node = $"backend/qdisk/{State.Plan!.Domain}/{disk.Number}";
        var peers = State.Peers!;
        var driver = new BackendContext
        {
            Domain = 0,
            Places = peers.Places,
            Bus = peers.Xenstored,
            Keys = State.Host!.Backend,
            Disks = peers.Disks,
            Bridges = peers.Bridge,
            Costs = State.Host.Costs,
            GrantCopy = State.Host.DeviceModel.GrantCopy,
        };
        Context.Spawn<QdiskActor, BlkbackState>($"qdisk-{disk.Number}", BlkbackState.CreateQdisk(driver, node, disk.Path));
    }
}
