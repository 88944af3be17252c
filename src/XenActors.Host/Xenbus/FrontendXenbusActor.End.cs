using XenActors.Abi;
using XenActors.Guest;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Xenbus;

/// <summary>What the toolstack asks of the guest, and how its devices are closed when the machine goes down.</summary>
public sealed partial class FrontendXenbusActor
{
    private const string ShutdownWatch = "shutdown";

    // xenbus_dev_shutdown
    private static readonly VirtualDuration ShutdownPatience = VirtualDuration.FromSeconds(5);

    // Between an answer and a driver's next request.
    private static readonly VirtualDuration QuietTime = VirtualDuration.FromMicroseconds(50);

    public void On(in QuietXenbus m) => Context.StartTimer(new QuietDue(), QuietTime);

    public void On(in QuietDue m)
    {
        if (State.Multiplexer.IsQuiet)
        {
            Context.Tell(State.Kernel, new XenbusIsQuiet());
        }
        else
        {
            Context.StartTimer(new QuietDue(), QuietTime);
        }
    }

    // xenbus_dev_resume of every device that has a driver, in the order in which they were found.
    public void On(in ResumeDevices m)
    {
        foreach (var device in State.Devices)
        {
            if (!device.Driver.IsNone)
            {
                Context.Tell(device.Driver, new DeviceResumed());
            }
        }
    }

    public void On(in ShutDownDevices m)
    {
        State.Closing = [.. State.Devices.Select(d => d.Node)];
        CloseNext();
    }

    public void On(in DeviceShutDown m)
    {
        if (State.Closing.Count == 0 || Find(State.Closing[^1]) is not { } device || device.Driver != Sender)
        {
            return;
        }

        if (m.Skipped)
        {
            Skip(device.Node, m.State);
        }

        Context.CancelTimer(State.ClosingTimer);
        Closed();
    }

    public void On(in DeviceShutdownDue m)
    {
        if (State.Closing.Count > 0 && State.Closing[^1] == m.Node)
        {
            Print("xenbus-shutdown-timeout", ("node", m.Node));
            Closed();
        }
    }

    private void Closed()
    {
        State.Closing.RemoveAt(State.Closing.Count - 1);
        CloseNext();
    }

    // One after the other, the last one that was found first.
    private void CloseNext()
    {
        while (State.Closing.Count > 0)
        {
            if (Find(State.Closing[^1]) is { Driver.IsNone: false } device)
            {
                State.ClosingTimer = Context.StartTimer(new DeviceShutdownDue(device.Node), ShutdownPatience);
                Context.Tell(device.Driver, new ShutDownDevice());
                return;
            }

            Skip(State.Closing[^1], XenbusState.Initialising);
            State.Closing.RemoveAt(State.Closing.Count - 1);
        }

        Context.Tell(State.Kernel, new DevicesShutDown());
    }

    private void Skip(string node, XenbusState state) => Print("xenbus-shutdown-skipping", ("node", node), ("state", state.ToString()));

    // xenbus_cleanup_devices: its driver gives everything back.
    private void Gone(string node)
    {
        if (Find(node) is not { } device)
        {
            return;
        }

        State.Devices.Remove(device);
        if (!device.Driver.IsNone)
        {
            Context.Tell(device.Driver, new DeviceGone());
        }

        if (!device.Settled)
        {
            TellWhenSettled();
        }
    }

    private FrontendDevice? Find(string node)
    {
        foreach (var device in State.Devices)
        {
            if (device.Node == node)
            {
                return device;
            }
        }

        return null;
    }

    private ActorRef ShutdownHandler()
    {
        if (State.ShutdownHandler.IsNone)
        {
            State.ShutdownHandler = Context.Spawn<ShutdownHandlerActor, ShutdownHandlerState>(
                "shutdown", new() { Kernel = State.Kernel, Xs = new XenstoreClient { Server = Self } });
        }

        return State.ShutdownHandler;
    }
}
