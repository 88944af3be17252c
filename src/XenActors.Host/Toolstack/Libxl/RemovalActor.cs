using XenActors.DeviceModel;
using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>
/// libxl__domain_destroy: the device model ends, all devices are removed side by side, the domain's nodes go, and the hypervisor destroys it; or the
/// removal of one device alone. One connection, one request at a time. Sources: libxl_domain.c, libxl_device.c of Xen 4.17; order and requests as
/// recorded from <c>xl destroy</c> and <c>xl block-detach</c>.
/// </summary>
public sealed partial class RemovalActor : Actor<RemovalState>
{
    protected override void PreStart() => Context.Tell(State.Peers.Places.Domain(State.Domain), new GetDomainInfo());

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in DomainInfo m)
    {
        if (State.Step != RemovalStep.Asking)
        {
            return;
        }

        State.Info = m;
        if (m.Status is DomainStatus.None or DomainStatus.Dying or DomainStatus.Dead)
        {
            State.Errors.Add($"{State.Domain} is an invalid domain identifier (rc=-6)");
            End();
        }
        else if (State.Only.Length > 0)
        {
            State.Step = RemovalStep.ListingDevices;
            State.Nodes.Add(State.Only);
            ReadBackends();
        }
        else
        {
            // No vCPU runs while its devices go.
            Context.Tell(State.Peers.Places.Domain(State.Domain), new PauseDomain());
            State.Info = m with { Paused = true };
            State.Step = RemovalStep.EndingDeviceModel;
            Run(new StoreBatch().Read($"{Root}/image/device-model-pid").Rm($"/local/domain/0/device-model/{State.Domain}"));
        }
    }

    public void On(in XsReply m)
    {
        if (State.Step != RemovalStep.Ended && State.Xs.Accept(in m) && State.Batch.Advance(Context, State.Xs))
        {
            Answered();
        }
    }

    public void On(in DomainDestroyed m)
    {
        if (State.Step == RemovalStep.Destroying)
        {
            End();
        }
    }

    private string Root => $"/local/domain/{State.Domain}";

    // Where the toolstack keeps its list of devices.
    private bool HasPrivate => State.Host.Toolstack != ToolstackKind.Xend;

    private string List => HasPrivate ? $"/libxl/{State.Domain}/device" : $"{Root}/device";

    private void Run(StoreBatch batch)
    {
        State.Xs.Forget();
        State.Batch = batch;
        if (batch.Advance(Context, State.Xs))
        {
            Answered();
        }
    }

    private void Answered()
    {
        switch (State.Step)
        {
            case RemovalStep.EndingDeviceModel:
                if (!State.DeviceModel.IsNone)
                {
                    Context.Tell(State.DeviceModel, new QemuHangup());
                }

                State.Step = RemovalStep.ListingTypes;
                Run(new StoreBatch().Directory(List));
                break;
            case RemovalStep.ListingTypes:
                ListDevices();
                break;
            case RemovalStep.ListingDevices:
                foreach (var type in State.Types)
                {
                    foreach (var devid in State.Xs.Children($"{List}/{type}"))
                    {
                        State.Nodes.Add($"{type}/{devid}");
                    }
                }

                ReadBackends();
                break;
            case RemovalStep.ReadingBackends:
                RemoveDevices();
                break;
            case RemovalStep.RemovingDevices:
                var device = State.Devices[State.Current];
                State.Current = -1;
                Answered(device);
                Next();
                break;
            case RemovalStep.Erasing:
                Erased();
                break;
        }
    }

    private void ListDevices()
    {
        State.Types = [.. State.Xs.Children(List)];
        State.Step = RemovalStep.ListingDevices;
        var batch = new StoreBatch();
        foreach (var type in State.Types)
        {
            batch.Directory($"{List}/{type}");
        }

        Run(batch);
    }

    private void ReadBackends()
    {
        State.Step = RemovalStep.ReadingBackends;
        var batch = new StoreBatch();
        foreach (var node in State.Nodes)
        {
            batch.Read($"{List}/{node}/backend");
        }

        Run(batch);
    }

    private void RemoveDevices()
    {
        foreach (var node in State.Nodes)
        {
            if (State.Xs.Text($"{List}/{node}/backend") is not { Length: > 0 } back || !back.Contains("/backend/", StringComparison.Ordinal))
            {
                continue;
            }

            // The console daemon serves the same ring before and after.
            if (State.KeepsDomain && back.Contains("/backend/console/", StringComparison.Ordinal))
            {
                continue;
            }

            var console = HasPrivate && node == "console/0";
            State.Devices.Add(new()
            {
                Type = node.Split('/')[0],
                Front = console ? $"{Root}/console" : $"{Root}/device/{node}",
                Back = back,
                Private = HasPrivate ? $"{List}/{node}" : "",
                Token = $"3/{State.Devices.Count}",
                Force = State.Force,
                Ready = true,
            });
            var device = State.Devices[^1];
            if (device.Kind == "console")
            {
                // libxl__device_destroy: consoles have no states to wait for.
                device.Phase = RemovalPhase.Erasing;
            }
            else if (device.IsQemus && (State.Info.Paused || State.Info.Status == DomainStatus.Shutdown))
            {
                device.Phase = RemovalPhase.Grace;
                device.Ready = false;
                device.Timer = Context.StartTimer(new RemovalDue(State.Devices.Count - 1), QemuGrace);
            }
        }

        State.Step = RemovalStep.RemovingDevices;
        if (State.Only.Length > 0 && State.Devices.Count == 0)
        {
            State.Errors.Add($"xenstore read failed: `{List}/{State.Only}': No such file or directory");
        }

        Next();
    }

    // The devices are gone: so go the domain's own nodes.
    private void DevicesRemoved()
    {
        foreach (var device in State.Devices)
        {
            if (device.Failed)
            {
                State.Errors.Add($"unable to remove device with path {device.Back}");
            }
        }

        if (State.Only.Length > 0 || State.KeepsDomain)
        {
            End();
            return;
        }

        State.Step = RemovalStep.Erasing;
        Run(new StoreBatch().Read($"{Root}/vm"));
    }

    private void Erased()
    {
        if (State.Batch.Ops.Count > 1)
        {
            State.Step = RemovalStep.Destroying;
            Context.Tell(State.Peers.Places.Domain(State.Domain), new DestroyDomain());
            return;
        }

        var batch = new StoreBatch();
        if (State.Xs.Text($"{Root}/vm") is { Length: > 0 } vm)
        {
            batch.Rm(vm);
        }

        batch.Rm(Root);
        if (!State.Host.Defects.HasFlag(Defects.ToolstackLeaksNodesOnDestroy))
        {
            batch.Rm($"/libxl/{State.Domain}");
        }

        Run(batch.Rm($"{Root}/hvmloader"));
    }

    private void End()
    {
        State.Step = RemovalStep.Ended;
        Context.Tell(Context.Parent, new RemovalEnded(State.Domain, State.Only, State.Errors.Count == 0, string.Join('\n', State.Errors)));
        Context.Stop();
    }
}
