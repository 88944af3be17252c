using System.Globalization;
using XenActors.DeviceModel;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;
using XenActors.Toolstack.Xend;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>
/// The process of one <c>xl block-attach</c> or <c>xl network-attach</c>: the device's directories in one transaction, the wait for its backend, its
/// script (libxl_device_disk_add, libxl_device_nic_add). The guest's frontend finds the device by its watch.
/// </summary>
public sealed class AttachActor : Actor<AttachState>
{
    // LIBXL_INIT_TIMEOUT, LIBXL_HOTPLUG_TIMEOUT
    private static readonly VirtualDuration BackendMax = VirtualDuration.FromSeconds(10);
    private static readonly VirtualDuration ScriptMax = VirtualDuration.FromSeconds(40);

    protected override void PreStart() => Run(AttachStep.Looking, State.Disk is { } disk
        ? new StoreBatch().Read($"{Root}/name").Read($"{Device}/vbd/{disk.Number}/backend").Read($"{Device}/vbd/{disk.Number}")
        : new StoreBatch().Read($"{Root}/name").Directory($"{Device}/vif"));

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in XsReply m)
    {
        if (State.Step != AttachStep.Ended && State.Xs.Accept(in m) && State.Batch.Advance(Context, State.Xs))
        {
            Answered();
        }
    }

    public void On(in XsWatchEvent m)
    {
        State.ReadAgain = true;
        if (State.Step == AttachStep.Waiting)
        {
            Read();
        }
    }

    public void On(in CommandDue m) => Fail(
        State.Step == AttachStep.Script ? "hotplug script timed out" : $"unable to add device with path {Tree().BackPath}");

    public void On(in ScriptEnded m)
    {
        if (State.Step == AttachStep.Script)
        {
            Context.CancelTimer(State.Timer);
            if (m.Ok)
            {
                End("");
            }
            else
            {
                Fail($"script: {m.Error}");
            }
        }
    }

    private string Root => $"/local/domain/{State.Plan.Domain}";

    // Where the toolstack keeps its list of devices.
    private string Device => State.Host.Toolstack == ToolstackKind.Xend ? $"{Root}/device" : $"/libxl/{State.Plan.Domain}/device";

    private DeviceTree Tree()
    {
        var xend = State.Host.Toolstack == ToolstackKind.Xend;
        return State.Disk is { } disk
            ? xend ? XendNodes.Disk(State.Plan, disk) : DeviceTrees.Disk(State.Plan, disk)
            : xend ? XendNodes.Nic(State.Plan, State.Nic!) : DeviceTrees.Nic(State.Plan, State.Nic!);
    }

    private void Run(AttachStep step, StoreBatch batch)
    {
        State.Step = step;
        State.Xs.Forget();
        State.Batch = batch;
        if (batch.Advance(Context, State.Xs))
        {
            Answered();
        }
    }

    private void Answered()
    {
        if (State.Batch.Failure is { } failure)
        {
            Fail(failure);
            return;
        }

        switch (State.Step)
        {
            case AttachStep.Looking:
                Looked();
                break;
            case AttachStep.Writing when State.Disk is { Backend: DiskBackendKind.Qdisk } disk:
                // QEMU hears of it by its watch on backend/qdisk; nobody waits for it.
                Context.Tell(State.DeviceModel, new QemuDiskAdded(disk));
                End("");
                break;
            case AttachStep.Writing:
                State.Timer = Context.StartTimer(new CommandDue(), BackendMax);
                State.Step = AttachStep.Waiting;
                if (State.ReadAgain)
                {
                    Read();
                }

                break;
            case AttachStep.Reading when State.Xs.State($"{Tree().BackPath}/state") == Abi.XenbusState.InitWait:
                Context.CancelTimer(State.Timer);
                Run(AttachStep.Script, new StoreBatch().Unwatch($"{Tree().BackPath}/state", "3/0"));
                break;
            case AttachStep.Reading:
                State.Step = AttachStep.Waiting;
                if (State.ReadAgain)
                {
                    Read();
                }

                break;
            case AttachStep.Script:
                StartScript();
                break;
        }
    }

    private void Read()
    {
        State.ReadAgain = false;
        Run(AttachStep.Reading, new StoreBatch().Read($"{Tree().BackPath}/state"));
    }

    private void Looked()
    {
        if (State.Disk is { } disk)
        {
            if (State.Xs.Text($"{Device}/vbd/{disk.Number}") is not null)
            {
                Fail("device already exists in xenstore");
                return;
            }
        }
        else
        {
            // libxl__device_nextid
            var last = State.Xs.Children($"{Device}/vif");
            var next = last.Length > 0 && int.TryParse(last[^1], CultureInfo.InvariantCulture, out var number) ? number + 1 : 0;
            State.Nic = State.Nic! with { Devid = next };
        }

        // Another xl may have been faster.
        var batch = Tree().Add(new()).DomainPath(0);
        var path = State.Disk is { } free ? $"{Device}/vbd/{free.Number}" : $"{Device}/vif/{State.Nic!.Devid}";
        batch.Ops.Insert(batch.Ops.FindIndex(o => o.Kind == StoreOpKind.Begin) + 1, new(StoreOpKind.Vacant, path, ""));
        Run(AttachStep.Writing, State.Disk is { Backend: DiskBackendKind.Qdisk } ? batch : batch.Watch($"{Tree().BackPath}/state", "3/0"));
    }

    private void StartScript()
    {
        State.Timer = Context.StartTimer(new CommandDue(), ScriptMax);
        var domain = State.Plan.Domain;
        if (State.Disk is { } disk)
        {
            Context.Spawn<BlockScriptActor, BlockScriptState>("block", BlockScriptState.Create(
                State.Peers.Xenstored, State.Host.Latencies, $"backend/vbd/{domain}/{disk.Number}", State.Loop));
            return;
        }

        var nic = State.Nic!;
        Context.Spawn<VifScriptActor, VifScriptState>("vif", new()
        {
            Xs = new() { Server = State.Peers.Xenstored },
            Latencies = State.Host.Latencies,
            Bridge = State.Peers.Bridge,
            Path = $"backend/vif/{domain}/{nic.Devid}",
            FrontPath = $"{Root}/device/vif/{nic.Devid}",
            Port = nic.Vif(domain),
        });
    }

    private void Fail(string error) => End($"{error}\nunable to add device\nlibxl_device_{(State.Disk is null ? "nic" : "disk")}_add failed.");

    private void End(string error)
    {
        if (State.Step == AttachStep.Ended)
        {
            return;
        }

        State.Step = AttachStep.Ended;
        var order = State.Order;
        Context.Tell(order.Requester, new CommandEnded(order.Kind, order.Domain, order.Text, error.Length == 0, error));
        Context.Stop();
    }
}
