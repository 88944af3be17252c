using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers;

/// <summary>What every frontend remembers.</summary>
public interface IFrontendState : ISplitDeviceState
{
    DriverContext Driver { get; }
}

/// <summary>
/// What all frontends share beyond the handshake: the backend's address, pages and ports, and how a failed probe is reported, as Linux'
/// <c>xenbus_dev_error</c> does.
/// </summary>
public abstract class FrontendActor<TState> : SplitDeviceActor<TState>
    where TState : class, ICodec<TState>, IFrontendState
{
    protected DriverContext Driver => State.Driver;

    protected override void PreStart()
    {
        Xs.Server = Driver.Bus;
        Xs.Read(Context, Device.Path("backend-id"));
        Xs.Read(Context, Device.Path("backend"));
    }

    // xenbus_dev_shutdown
    public void On(in ShutDownDevice m)
    {
        Device.ShutdownPending = true;
        Look();
    }

    protected override void BeginShutdown()
    {
        if (Device.State != XenbusState.Connected)
        {
            Context.Tell(Driver.Bus, new DeviceShutDown(Device.State, Skipped: true));
            return;
        }

        Device.ShuttingDown = true;
        SwitchTo(XenbusState.Closing);
    }

    protected override void ShutDown(XenbusState to)
    {
        if (to == XenbusState.Closed)
        {
            Context.Tell(Driver.Bus, new DeviceShutDown(to, Skipped: false));
        }
    }

    /// <summary>The backend closes: so does this end (xenbus_frontend_closed).</summary>
    protected void FollowClose(XenbusState backend)
    {
        if (backend is XenbusState.Closing or XenbusState.Closed && Device.State != XenbusState.Closed)
        {
            SwitchTo(XenbusState.Closed);
        }
    }

    /// <summary>Pages and ports go back when the device is removed.</summary>
    protected void GiveBack(List<uint> refs, params ReadOnlySpan<uint> ports)
    {
        refs.RemoveAll(r => r == 0);
        if (refs.Count > 0)
        {
            Context.Tell(Driver.GrantTable, new EndAccess(refs, 0, Defer: true));
        }

        for (var i = 0; i < ports.Length; i++)
        {
            if (ports[i] != 0 && !ports[..i].Contains(ports[i]))
            {
                Context.Tell(Driver.EventChannels, new CloseEvent(ports[i]));
            }
        }
    }

    /// <summary>Takes the backend's address from the answers of the start; false when it is not there.</summary>
    protected bool TakeBackend() => TakeOther("backend", "backend-id");

    /// <summary>Prints one of this kernel's messages, if it has it.</summary>
    protected void Print(string message, params ReadOnlySpan<(string Name, string Value)> values)
    {
        if (Driver.Profile.Format(message, values) is { } text)
        {
            Context.Tell(Driver.Bus, new Printk(text));
        }
    }

    /// <summary>The probe has failed: the error node gets the words, and so does the log.</summary>
    protected void ProbeFailed(XenErrno error)
    {
        Fail($"{Decimal((int)error)} xenbus_dev_probe on {Device.Node}");
    }

    /// <summary>As <c>xenbus_dev_error</c>: "errno text" to the error node and the log.</summary>
    protected void Fail(string text)
    {
        Print("xenbus-error", ("type", Device.Type), ("device", Device.BusId), ("text", text));
        WriteError(text);
        Probed(connected: false);
    }

    protected void Probed(bool connected) => Context.Tell(Driver.Bus, new DeviceProbed(Device.Node, connected));

    protected void Grant(byte[] pages, bool readOnly, bool shared, long cookie)
    {
        if (Driver.NoGrants)
        {
            // As from a full table: there are no references to give.
            Context.Tell(Self, new PagesGranted(cookie, []));
            return;
        }

        Context.Tell(Driver.GrantTable, new GrantPages(Device.OtherDomain, [.. pages], readOnly, shared, cookie));
    }

    /// <param name="lateEoi">The driver says itself when an event is over.</param>
    protected void AllocatePort(long cookie, bool lateEoi = false) =>
        Context.Tell(Driver.EventChannels, new AllocUnbound(Device.OtherDomain, cookie, lateEoi));
}
