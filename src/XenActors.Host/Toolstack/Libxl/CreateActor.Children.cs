using XenActors.DeviceModel;
using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;

namespace XenActors.Toolstack.Libxl;

// What the process starts, and how it takes back what it did.
public sealed partial class CreateActor
{
    private void StartScript(CreateStep step)
    {
        var (host, plan) = (State.Host!, State.Plan!);
        var name = $"{step.Kind}-{step.Index}";
        if (step.Kind == CreateStepKind.DiskScript)
        {
            var path = $"backend/vbd/{plan.Domain}/{plan.Disks[step.Index].Number}";
            var loop = (State.Slot * plan.Disks.Count) + step.Index;
            State.Scripts.Add(Context.Spawn<BlockScriptActor, BlockScriptState>(
                name, BlockScriptState.Create(State.Peers!.Xenstored, host.Latencies, path, loop)));
        }
        else
        {
            var nic = plan.Nics[step.Index];
            var tap = step.Kind == CreateStepKind.TapScript;
            State.Scripts.Add(Context.Spawn<VifScriptActor, VifScriptState>(name, new()
            {
                Xs = new() { Server = State.Peers!.Xenstored },
                Latencies = host.Latencies,
                Bridge = State.Peers.Bridge,
                Path = $"backend/vif/{plan.Domain}/{nic.Devid}",
                FrontPath = $"/local/domain/{plan.Domain}/device/vif/{nic.Devid}",
                Port = tap ? nic.Tap(plan.Domain) : nic.Vif(plan.Domain),
                Tap = tap,
            }));
        }
    }

    private void StartDeviceModel() => State.DeviceModel = Context.Spawn<DeviceModelActor, DeviceModelState>(
        $"qemu-{State.Plan!.Domain}", DeviceModelState.Create(State.Plan, State.Host!, State.Peers!));

    private void Fail(string words)
    {
        StopTimer();
        State.Errors.Add(words);
        State.Phase = CreatePhase.Undoing;
        foreach (var script in State.Scripts)
        {
            Context.Stop(script); // It would write into what is about to be removed.
        }

        State.Scripts.Clear();
        Undo();
    }

    private void Undo()
    {
        if (State.Done.Count == 0)
        {
            End(ok: false);
            return;
        }

        var step = State.Done[^1];
        if (step.Kind == CreateStepKind.Build)
        {
            Context.Tell(State.Peers!.Places.Domain(State.Plan!.Domain), new Hypervisor.Domains.DestroyDomain());
        }

        if (step.Kind == CreateStepKind.DeviceModel && !State.DeviceModel.IsNone)
        {
            Context.Stop(State.DeviceModel);
            State.DeviceModel = ActorRef.None;
        }

        if (step.Kind is CreateStepKind.NicScript or CreateStepKind.TapScript && !State.Peers!.Bridge.IsNone)
        {
            var nic = State.Plan!.Nics[step.Index];
            var port = step.Kind == CreateStepKind.TapScript ? nic.Tap(State.Plan.Domain) : nic.Vif(State.Plan.Domain);
            Context.Tell(State.Peers.Bridge, new BridgePortRemoved(nic.Bridge, port));
        }

        Run(CreateBatches.Undo(State, step));
    }
}
