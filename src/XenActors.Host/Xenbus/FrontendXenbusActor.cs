using System.Text;
using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor;
using XenActors.Simulation;
using XenActors.SplitDrivers;
using XenActors.SplitDrivers.Block.Front;
using XenActors.SplitDrivers.Keyboard;
using XenActors.SplitDrivers.Net.Front;
using XenActors.Xenstore;
using XenActors.Xenstore.Ring;

namespace XenActors.Xenbus;

/// <summary>
/// A guest kernel's xenbus: its connection to xenstored, the list of its devices, and the drivers that it binds to them.
/// </summary>
public sealed partial class FrontendXenbusActor : Actor<FrontendXenbusState>
{
    // Linux waits 30 s for every device, then up to 300 s for those that it needs.
    private static readonly VirtualDuration[] Patience = [VirtualDuration.FromSeconds(30), VirtualDuration.FromSeconds(270)];

    public void On(in StartXenbus m)
    {
        State.Profile = m.Profile;
        State.Kernel = m.Kernel;
        State.Hvm = m.Hvm;
        State.Unplug = m.Unplug;
        State.Vcpus = m.Vcpus;
        State.Xs.Server = Self;
        State.Step = FrontendXenbusStep.Features;
        State.Xs.Read(Context, "control/platform-feature-xs_reset_watches");
    }

    // A driver's request: ours to number, xenstored's to answer.
    public void On(in XsRequest m)
    {
        State.Store.Send(State.Multiplexer.Forward(Sender, in m));
        Publish();
    }

    public void On(in XsRingResponses m)
    {
        State.Store.Arrive(in m);
        while (State.Store.Ring.TryTake(State.Store.Page, out var header, out var payload))
        {
            if ((XsWireType)header.Type == XsWireType.WatchEvent)
            {
                Fired(Encoding.Latin1.GetString(payload).Split('\0'));
            }
            else
            {
                Answered(new((XsWireType)header.Type, header.ReqId, header.TxId, payload.ToArray()));
            }
        }

        Publish();
    }

    public void On(in XsRingIntroduced m)
    {
        State.Store.Introduced();
        Publish();
    }

    public void On(in DriverRegistered m)
    {
        State.NoGrants = m.NoGrants;
        if (!State.Drivers.Contains(m.Type))
        {
            State.Drivers.Add(m.Type);
            foreach (var device in State.Devices.Where(d => d.Type == State.Drivers[^1]).ToList())
            {
                Bind(device);
            }
        }

        TellWhenSettled();
    }

    public void On(in DeviceProbed m)
    {
        var node = m.Node;
        if (State.Devices.Find(d => d.Node == node) is { } device)
        {
            device.Settled = true;
            device.Connected = m.Connected;
        }

        TellWhenSettled();
    }

    public void On(in DeviceTimeout m)
    {
        if (State.Settled || m.Round != State.PatienceRound)
        {
            return;
        }

        if (++State.PatienceRound < Patience.Length)
        {
            Context.StartTimer(new DeviceTimeout(State.PatienceRound), Patience[State.PatienceRound]);
            return;
        }

        foreach (var device in State.Devices.Where(d => !d.Settled && !d.Driver.IsNone))
        {
            Print("xenbus-timeout", ("node", device.Node));
            device.Settled = true;
        }

        TellWhenSettled();
    }

    public void On(in Printk m) => Context.Tell(State.Kernel, in m);

    private const string DeviceWatch = "device";

    private void Publish()
    {
        if (State.Store.Publish() is { } published)
        {
            Context.Tell(State.Xenstored, in published);
        }
    }

    private void Answered(in XsReply reply)
    {
        if (State.Multiplexer.Return(in reply, out var caller, out var returned))
        {
            if (caller != Self)
            {
                Context.Tell(caller, in returned);
            }
            else if (State.Xs.Accept(in returned))
            {
                Advance();
            }
        }
    }

    // PATH NUL TOKEN NUL
    private void Fired(string[] texts)
    {
        if (texts.Length < 2)
        {
            return;
        }

        var (path, token) = (texts[0], texts[1]);
        var watcher = State.Multiplexer.WatcherOf(token);
        if (watcher != Self)
        {
            Context.Tell(watcher, new XsWatchEvent(path, token));
        }
        else if (token == DeviceWatch)
        {
            Named(path);
            LookAtAppeared();
        }
        else if (token == ShutdownWatch)
        {
            Context.Tell(ShutdownHandler(), new XsWatchEvent(path, token));
        }
    }

    // A device may be new; one that is known may be gone when its directory, or one above it, is named itself.
    private void Named(string path)
    {
        var parts = path.Split('/');
        if (parts.Length <= 3)
        {
            foreach (var device in State.Devices.Where(d => d.Node == path || d.Node.StartsWith(path + "/", StringComparison.Ordinal)))
            {
                Appear(device.Node);
            }
        }

        if (parts.Length >= 3)
        {
            var node = $"device/{parts[1]}/{parts[2]}";
            if (!State.Devices.Exists(d => d.Node == node))
            {
                Appear(node);
            }
        }
    }

    private void Appear(string node)
    {
        if (!State.Appeared.Contains(node))
        {
            State.Appeared.Add(node);
        }
    }

    private void Advance()
    {
        var xs = State.Xs;
        switch (State.Step)
        {
            case FrontendXenbusStep.Features:
                if (xs.Number("control/platform-feature-xs_reset_watches") == 1 && State.Profile!.Has("xenbus-reset-watches"))
                {
                    xs.Send(Context, XsWireType.ResetWatches, "(reset)", "\0");
                }

                // The balloon driver and the shutdown handler register with the bus.
                xs.Watch(Context, "memory/target", "balloon");
                xs.Watch(Context, "control/shutdown", ShutdownWatch);
                xs.Watch(Context, "control/sysrq", "sysrq");
                if (State.Profile!.Has("xenbus-control-features"))
                {
                    xs.Write(Context, "control/feature-poweroff", "1");
                    xs.Write(Context, "control/feature-reboot", "1");
                    xs.Write(Context, "control/feature-suspend", "1");
                }

                xs.Directory(Context, "device");
                xs.Watch(Context, "device", DeviceWatch);
                State.Step = FrontendXenbusStep.Types;
                break;
            case FrontendXenbusStep.Types:
                State.Types = [.. xs.Children("device")];
                State.Step = FrontendXenbusStep.Devices;
                foreach (var type in State.Types)
                {
                    xs.Directory(Context, $"device/{type}");
                }

                if (State.Types.Count == 0)
                {
                    Listed();
                }

                break;
            case FrontendXenbusStep.Devices:
                State.Step = FrontendXenbusStep.States;
                foreach (var type in State.Types)
                {
                    foreach (var id in xs.Children($"device/{type}"))
                    {
                        State.Candidates.Add($"device/{type}/{id}");
                        xs.Read(Context, $"device/{type}/{id}/state");
                    }
                }

                if (State.Candidates.Count == 0)
                {
                    Listed();
                }

                break;
            case FrontendXenbusStep.States:
                // Without a state node it is no device (device/suspend).
                foreach (var node in State.Candidates.Where(n => xs.Number(n + "/state") is not null))
                {
                    State.Devices.Add(new FrontendDevice { Node = node });
                }

                State.Candidates = [];
                Listed();
                break;
            case FrontendXenbusStep.Ready:
                foreach (var node in State.Candidates.Where(n => xs.State(n + "/state") == XenbusState.Initialising))
                {
                    Found(node);
                }

                foreach (var node in State.Candidates.Where(n => xs.Number(n + "/state") is null))
                {
                    Gone(node);
                }

                State.Candidates = [];
                LookAtAppeared();
                break;
        }
    }

    // Asks for the states of those that a watch has named since the list was made.
    private void LookAtAppeared()
    {
        if (State.Step != FrontendXenbusStep.Ready || State.Candidates.Count > 0)
        {
            return;
        }

        State.Candidates = State.Appeared;
        State.Appeared = [];
        foreach (var node in State.Candidates)
        {
            State.Xs.Read(Context, node + "/state");
        }
    }

    private void Listed()
    {
        State.Step = FrontendXenbusStep.Ready;
        Context.Tell(State.Kernel, new XenbusDevices([.. State.Devices.Select(d => d.Node)]));
        foreach (var device in State.Devices.Where(d => State.Drivers.Contains(d.Type)).ToList())
        {
            Bind(device);
        }

        TellWhenSettled();
        LookAtAppeared();
    }

    private void Found(string node)
    {
        if (State.Devices.Exists(d => d.Node == node))
        {
            return;
        }

        var device = new FrontendDevice { Node = node };
        State.Devices.Add(device);
        if (State.Drivers.Contains(device.Type))
        {
            Bind(device);
        }
    }

    private void Bind(FrontendDevice device)
    {
        if (!device.Driver.IsNone || State.Step != FrontendXenbusStep.Ready)
        {
            return;
        }

        if (State.PatienceRound < 0)
        {
            State.PatienceRound = 0;
            Context.StartTimer(new DeviceTimeout(0), Patience[0]);
        }

        var driver = new DriverContext
        {
            Profile = State.Profile!,
            Domain = State.Domain,
            Places = State.Places,
            Bus = Self,
            Kernel = State.Kernel,
            Hvm = State.Hvm,
            Unplug = State.Unplug,
            NoGrants = State.NoGrants,
            Costs = State.Costs,
            Vcpus = State.Vcpus,
        };
        var name = device.Node["device/".Length..].Replace('/', '-');
        device.Driver = device.Type switch
        {
            "vbd" => Context.Spawn<BlkfrontActor, BlkfrontState>(name, BlkfrontState.Create(driver, device.Node)),
            "vif" => Context.Spawn<NetfrontActor, NetfrontState>(name, NetfrontState.Create(driver, device.Node)),
            "vkbd" => Context.Spawn<KbdfrontActor, KbdfrontState>(name, KbdfrontState.Create(driver, device.Node)),
            _ => ActorRef.None,
        };
        device.Settled = device.Driver.IsNone;
    }

    // The kernel counts on one answer per question: each time the last open probe has ended, or at once when none is open.
    private void TellWhenSettled()
    {
        if (State.Devices.TrueForAll(d => d.Settled || d.Driver.IsNone))
        {
            State.Settled = true;
            Context.Tell(State.Kernel, new XenbusSettled());
        }
        else
        {
            State.Settled = false;
        }
    }

    private void Print(string message, params ReadOnlySpan<(string Name, string Value)> values)
    {
        if (State.Profile!.Format(message, values) is { } text)
        {
            Context.Tell(State.Kernel, new Printk(text));
        }
    }
}
