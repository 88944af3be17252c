using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

// Devices, side by side: each goes from phase to phase; who wants something of the store gets his turn in the order of the list.
public sealed partial class RemovalActor
{
    // LIBXL_DESTROY_TIMEOUT, LIBXL_QEMU_BODGE_TIMEOUT, LIBXL_HOTPLUG_TIMEOUT
    private static readonly VirtualDuration ClosingMax = VirtualDuration.FromSeconds(10);
    private static readonly VirtualDuration QemuGrace = VirtualDuration.FromSeconds(2);
    private static readonly VirtualDuration ScriptMax = VirtualDuration.FromSeconds(40);

    public void On(in XsWatchEvent m)
    {
        foreach (var device in State.Devices)
        {
            if (device.Token == m.Token && device.Phase == RemovalPhase.Watching)
            {
                device.Ready = true;
                device.Fired = true;
            }
        }

        Next();
    }

    public void On(in RemovalDue m)
    {
        var device = State.Devices[m.Device];
        switch (device.Phase)
        {
            case RemovalPhase.Grace:
                device.Phase = RemovalPhase.Bodging;
                device.Ready = true;
                break;
            case RemovalPhase.Watching when State.Current == m.Device:
                // Just being looked at: the answer decides, and if it is not Closed, this.
                device.Timer = Context.StartTimer(m, VirtualDuration.FromMilliseconds(1));
                break;
            case RemovalPhase.Watching when device.Force == RemovalForce.Auto:
                device.Force = RemovalForce.On;
                device.Phase = RemovalPhase.Telling;
                device.Ready = true;
                break;
            case RemovalPhase.Watching:
                device.Failed = true;
                Closed(device, erase: device.Force == RemovalForce.On);
                break;
            case RemovalPhase.Scripts:
                State.Errors.Add($"hotplug script timed out: {device.XenbusPath}");
                Context.Stop(device.Script);
                device.Scripts.Clear();
                RunScript(device);
                break;
        }

        Next();
    }

    public void On(in ScriptEnded m)
    {
        var script = Sender;
        if (State.Devices.Find(d => d.Script == script && d.Phase == RemovalPhase.Scripts) is { } device)
        {
            Context.CancelTimer(device.Timer);
            RunScript(device);
            Next();
        }
    }

    // The first in the list that wants something of the store.
    private void Next()
    {
        while (State.Step == RemovalStep.RemovingDevices && State.Current < 0)
        {
            var ready = State.Devices.FindIndex(d => d.Ready);
            if (ready < 0)
            {
                if (State.Devices.TrueForAll(d => d.Phase == RemovalPhase.Done))
                {
                    DevicesRemoved();
                }

                return;
            }

            var device = State.Devices[ready];
            device.Ready = false;
            device.Fired = false;
            State.Current = ready;
            State.Xs.Forget();
            State.Batch = BatchOf(device);
            if (!State.Batch.Advance(Context, State.Xs))
            {
                return;
            }

            State.Current = -1;
            Answered(device);
        }
    }

    private StoreBatch BatchOf(RemovedDevice device)
    {
        var (front, back) = (device.Front, device.Back);
        var batch = new StoreBatch();
        switch (device.Phase)
        {
            case RemovalPhase.Telling:
                batch.Begin();
                if (device.Force == RemovalForce.On)
                {
                    batch.Cleanup(front);
                }

                return batch.Read($"{back}/state").Write($"{back}/online", "0").Add(StoreOpKind.WriteUnlessClosed, $"{back}/state", "5").End()
                    .Watch($"{back}/state", device.Token);
            case RemovalPhase.Watching:
                return batch.Read($"{back}/state");
            case RemovalPhase.Bodging:
                return batch.Begin().Read($"{back}/state").Add(StoreOpKind.WriteUnlessClosed, $"{back}/state", "6").End();
            case RemovalPhase.ReadingScript:
                batch.Unwatch($"{back}/state", device.Token);
                return device.Kind == "vif" ? batch.Read($"{back}/script").Read($"{back}/type").Read($"{back}/gatewaydev") : batch.Read($"{back}/script");
            case RemovalPhase.Erasing:
                batch.Begin().Cleanup(front);
                if (device.Private.Length > 0)
                {
                    batch.Cleanup(device.Private);
                }

                return batch.Cleanup(back).End();
            default:
                return batch;
        }
    }

    private void Answered(RemovedDevice device)
    {
        var index = State.Devices.IndexOf(device);
        switch (device.Phase)
        {
            case RemovalPhase.Telling when State.Host.Defects.HasFlag(Defects.ToolstackDeletesKeysEarly):
                Closed(device, erase: true);
                break;
            case RemovalPhase.Telling:
                device.Phase = RemovalPhase.Watching;
                device.Timer = Context.StartTimer(new RemovalDue(index), ClosingMax);
                break;
            case RemovalPhase.Watching when State.Xs.Text($"{device.Back}/state") is null or "6":
                Context.CancelTimer(device.Timer);
                Closed(device, erase: true);
                break;
            case RemovalPhase.Watching:
                device.Ready = device.Fired;
                break;
            case RemovalPhase.Bodging:
                device.Phase = RemovalPhase.Erasing;
                device.Ready = true;
                break;
            case RemovalPhase.ReadingScript:
                ChooseScripts(device);
                RunScript(device);
                break;
            case RemovalPhase.Erasing:
                device.Phase = RemovalPhase.Done;
                break;
        }
    }

    private void Closed(RemovedDevice device, bool erase)
    {
        if (erase)
        {
            device.Phase = RemovalPhase.ReadingScript;
            device.Ready = true;
        }
        else
        {
            device.Phase = RemovalPhase.Done;
        }
    }

    // libxl__get_hotplug_script_info: disks of blkback have one script, a vif one for itself and one for its tap.
    private void ChooseScripts(RemovedDevice device)
    {
        device.Phase = RemovalPhase.Scripts;
        if (State.Xs.Text($"{device.Back}/script") is not { Length: > 0 })
        {
            return;
        }

        if (device.Kind == "vbd")
        {
            device.Scripts.Add("block");
        }
        else if (device.Kind == "vif")
        {
            device.Scripts.Add("vif");
            if (State.Xs.Text($"{device.Back}/type") == "vif_ioemu" && !State.DeviceModel.IsNone)
            {
                device.Scripts.Add("tap");
            }
        }
    }

    private void RunScript(RemovedDevice device)
    {
        if (device.Scripts.Count == 0)
        {
            device.Phase = RemovalPhase.Erasing;
            device.Ready = true;
            return;
        }

        var kind = device.Scripts[0];
        device.Scripts.RemoveAt(0);
        device.Timer = Context.StartTimer(new RemovalDue(State.Devices.IndexOf(device)), ScriptMax);
        device.Script = Context.Spawn<RemoveScriptActor, RemoveScriptState>($"{kind}-{device.XenbusPath.Replace('/', '-')}", new()
        {
            Xs = new() { Server = State.Peers.Xenstored },
            Latencies = State.Host.Latencies,
            Bridge = State.Peers.Bridge,
            Path = device.XenbusPath,
            Kind = kind,
        });
    }
}
