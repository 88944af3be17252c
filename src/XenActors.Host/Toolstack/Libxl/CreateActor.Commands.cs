using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Toolstack.Xl;

namespace XenActors.Toolstack.Libxl;

// xl's other commands for the guest of this process: each is a process of its own with a connection of its own.
public sealed partial class CreateActor
{
    public void On(in XlCommand m)
    {
        if (State.Plan is null)
        {
            Context.Tell(m.Requester, new CommandEnded(m.Kind, m.Domain, m.Text, false, $"{m.Domain} is an invalid domain identifier (rc=-6)"));
            return;
        }

        switch (m.Kind)
        {
            case not (XlCommandKind.Pause or XlCommandKind.Unpause) when IsBeingRestored:
                // A domain in the making: who wants something of it gets it when all of it is there.
                State.Held.Add(m);
                break;
            case XlCommandKind.Destroy:
                Remove(m);
                break;
            case XlCommandKind.Shutdown or XlCommandKind.Reboot or XlCommandKind.Suspend:
                Control(m);
                break;
            case XlCommandKind.Pause:
                Context.Tell(State.Peers!.Places.Domain(Domain), new PauseDomain());
                Done(in m, "");
                break;
            case XlCommandKind.Unpause:
                Context.Tell(State.Peers!.Places.Domain(Domain), new UnpauseDomain());
                Done(in m, "");
                break;
            case XlCommandKind.BlockDetach:
                var known = VirtualDevice.TryParse(m.Text, out var device);
                Detach(m, known ? $"vbd/{device.Number}" : "", m.Flag ? RemovalForce.On : RemovalForce.Off, $"Error: Device {m.Text} not connected.");
                break;
            case XlCommandKind.NetworkDetach:
                Detach(m, $"vif/{m.Text}", RemovalForce.Auto, $"Unknown device {m.Text}.");
                break;
            case XlCommandKind.BlockAttach or XlCommandKind.NetworkAttach when !State.Configured:
                AttachEarly(m);
                break;
            case XlCommandKind.BlockAttach:
                AttachDisk(m);
                break;
            case XlCommandKind.NetworkAttach:
                AttachNic(m);
                break;
        }
    }

    public void On(in RemovalEnded m)
    {
        if (!State.Orders.Remove(Sender.Local, out var order))
        {
            return;
        }

        if (order.Kind == XlCommandKind.Suspend)
        {
            Rebuild(in order, m.Message);
            return;
        }

        if (!order.Requester.IsNone)
        {
            Done(in order, m.Ok ? "" : Words(in order, m.Message));
        }

        if (order.Kind == XlCommandKind.Destroy)
        {
            Destroyed(in order);
        }
        else
        {
            ExitIfGone();
        }
    }

    // xl's own line behind libxl's.
    private static string Words(in XlCommand order, string error) => order.Kind switch
    {
        XlCommandKind.BlockDetach when error.StartsWith("xenstore read", StringComparison.Ordinal) => $"Error: Device {order.Text} not connected.",
        XlCommandKind.BlockDetach => $"{error}\nlibxl_device_disk_{(order.Flag ? "destroy" : "safe_remove")} failed.",
        XlCommandKind.NetworkDetach when error.StartsWith("xenstore read", StringComparison.Ordinal) => $"{error}\nUnknown device {order.Text}.",
        XlCommandKind.NetworkDetach => $"{error}\nlibxl_device_nic_del failed.",
        _ => error,
    };

    private void Destroyed(in XlCommand order)
    {
        if (State.Phase == CreatePhase.Acting && order.Requester.IsNone)
        {
            Cleaned();
        }
        else if (State.Resuming is not null || IsDaemon)
        {
            State.Gone = true;
            ExitIfGone();
        }
        else if (State.Phase is CreatePhase.Ended or CreatePhase.Killed)
        {
            Exit(); // A preserved one, or one whose xl was killed.
        }
    }

    private bool IsDaemon => State.Phase is CreatePhase.Living or CreatePhase.Acting;

    // With the last of those that were at work when it went. The daemon hears of it by its watch too; whichever comes first.
    private void ExitIfGone()
    {
        if (State.Gone && IsDaemon && State.Orders.Count == 0)
        {
            ExitDestroyed();
        }
    }

    private void ExitDestroyed()
    {
        Log($"Domain {Domain} has been destroyed.");
        Exit();
    }

    private void Remove(XlCommand order) => Start(order, "", RemovalForce.On);

    private void Detach(XlCommand order, string device, RemovalForce force, string unknown)
    {
        if (device.Length == 0)
        {
            Done(in order, unknown);
            return;
        }

        Start(order, device, force);
    }

    private void Start(XlCommand order, string only, RemovalForce force, bool keepsDomain = false)
    {
        var removal = Context.Spawn<RemovalActor, RemovalState>($"xl-{order.Kind.ToString().ToLowerInvariant()}-{++State.Commands}", new()
        {
            Domain = Domain,
            Host = State.Host!,
            Peers = State.Peers!,
            Xs = new() { Server = State.Peers!.Xenstored },
            DeviceModel = State.DeviceModel,
            Only = only,
            Force = force,
            KeepsDomain = keepsDomain,
        });
        State.Orders.Add(removal.Local, order);
        if (!order.Requester.IsNone)
        {
            Await(removal);
        }
    }

    private void Await(ActorRef command)
    {
        State.Shells++;
        Context.Watch(command);
    }

    // libxl keeps a domain's configuration at the end of its creation and gives up without one (ERROR_JSON_CONFIG_EMPTY, domcreate_complete); xend holds
    // the lock of its list of domains for as long as it makes one.
    private void AttachEarly(XlCommand order)
    {
        if (State.Host!.Toolstack == ToolstackKind.Xend && State.Phase is not (CreatePhase.Ended or CreatePhase.Killed))
        {
            State.Held.Add(order);
        }
        else
        {
            Done(in order, $"unable to add device\nlibxl_device_{(order.Kind == XlCommandKind.BlockAttach ? "disk" : "nic")}_add failed.");
        }
    }

    private void AttachDisk(XlCommand order)
    {
        var parsed = DiskSpecParser.Parse(order.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries), "command line");
        if (parsed.Disk is not { } spec)
        {
            Done(in order, string.Join('\n', parsed.Diagnostics.Select(d => d.Text)));
            return;
        }

        List<string> errors = [];
        if (DiskPlanner.Plan(spec, State.Plan!.IsHvm, State.Host!, Context.Port<IVolumes>(), errors) is not { } disk)
        {
            Done(in order, $"{string.Join('\n', errors)}\nunable to add device\nlibxl_device_disk_add failed.");
            return;
        }

        if (disk.Backend == DiskBackendKind.Qdisk && State.DeviceModel.IsNone)
        {
            Done(in order, "no device model serves this domain: a qdisk for it is not modelled\nlibxl_device_disk_add failed.");
            return;
        }

        Attach(order, disk, null);
    }

    private void AttachNic(XlCommand order)
    {
        var parsed = VifSpecParser.ParseArguments(order.Text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries));
        if (parsed.ExitCode != 0)
        {
            Done(in order, string.Join('\n', parsed.Diagnostics.Select(d => d.Text)));
            return;
        }

        // What is attached to a running guest has no emulated card beside it.
        var spec = parsed.Nic with { Type = NicType.Vif };
        Attach(order, null, NicPlanner.Plan(spec, 0, State.Plan!.IsHvm, State.Host!, ref Context.Random));
    }

    private void Attach(XlCommand order, DiskPlan? disk, NicPlan? nic) =>
        Await(Context.Spawn<AttachActor, AttachState>($"xl-{order.Kind.ToString().ToLowerInvariant()}-{++State.Commands}", new()
        {
            Order = order,
            Plan = State.Plan!,
            Host = State.Host!,
            Peers = State.Peers!,
            Xs = new() { Server = State.Peers!.Xenstored },
            Disk = disk,
            Nic = nic,
            DeviceModel = State.DeviceModel,
            Loop = FirstHotplugLoop + (State.Slot * 16) + State.Commands,
        }));

    // Above what the guests' own disks take.
    private const int FirstHotplugLoop = 64;

    private void Control(XlCommand order) =>
        Await(Context.Spawn<PvControlActor, PvControlState>($"xl-{order.Kind.ToString().ToLowerInvariant()}-{++State.Commands}", new()
        {
            Order = order with { Text = order.Kind switch { XlCommandKind.Reboot => "reboot", XlCommandKind.Suspend => "suspend", _ => "poweroff" } },
            Peers = State.Peers!,
            Xs = new() { Server = State.Peers!.Xenstored },
        }));

    private void Done(in XlCommand order, string error) =>
        Context.Tell(order.Requester, new CommandEnded(order.Kind, order.Domain, order.Text, error.Length == 0, error));
}
