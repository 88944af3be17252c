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
