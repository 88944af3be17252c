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
    protected override void PreStart() => State.Idle = State.Batch.Advance(Context, State.Xs);

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in XsReply m)
    {
        if (!State.Xs.Accept(in m) || !State.Batch.Advance(Context, State.Xs))
        {
            return;
        }

        if (State.Ending)
        {
            Context.Tell(Context.Parent, new QemuDevicesGone());
            return;
        }

        State.Idle = true;
        if (State.HangupPending)
        {
            TakeAway();
            return;
        }

        while (State.Served.Count < State.Disks.Count)
        {
            Serve(State.Disks[State.Served.Count]);
        }

        AddNext();
    }

    public void On(in QemuDiskAdded m)
    {
        // One directory is one device, however many have written it.
        var number = m.Disk.Number;
        if (!State.Disks.Exists(d => d.Number == number) && !State.Added.Exists(d => d.Number == number))
        {
            State.Added.Add(m.Disk);
            AddNext();
        }
    }

    private void AddNext()
    {
        if (!State.Idle || State.Added.Count == 0 || State.HangupPending)
        {
            return;
        }

        State.Disks.Add(State.Added[0]);
        State.Added.RemoveAt(0);
        State.Batch = new();
        QemuDiskNodes.Add(State.Batch, State.Plan!, State.Disks[^1]);
        State.Idle = false;
        State.Batch.Advance(Context, State.Xs);
    }

    // xen_block_unrealize of every disk, when what is under way in the store has come to its end.
    public void On(in QemuHangup m)
    {
        State.HangupPending = true;
        if (State.Idle)
        {
            TakeAway();
        }
    }

    private void TakeAway()
    {
        foreach (var served in State.Served)
        {
            Context.Stop(served);
        }

        State.Ending = true;
        State.Batch = new();
        foreach (var disk in State.Disks)
        {
            State.Batch.Rm($"/local/domain/{State.Plan!.Domain}/device/vbd/{disk.Number}");
            State.Batch.Rm($"/local/domain/0/backend/qdisk/{State.Plan.Domain}/{disk.Number}");
        }

        if (State.Batch.Advance(Context, State.Xs))
        {
            Context.Tell(Context.Parent, new QemuDevicesGone());
        }
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
            Defects = State.Host.Defects,
            GrantCopy = State.Host.DeviceModel.GrantCopy,
            GrantRetries = State.Host.GrantRetriesInDom0,
        };
        State.Served.Add(Context.Spawn<QdiskActor, BlkbackState>($"qdisk-{disk.Number}", BlkbackState.CreateQdisk(driver, node, disk.Path)));
    }
}
