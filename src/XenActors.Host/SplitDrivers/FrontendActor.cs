using System.Globalization;
using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers;

/// <summary>What every frontend remembers.</summary>
public interface IFrontendState
{
    DriverContext Driver { get; }

    DeviceSwitch Device { get; }

    XenstoreClient Xs { get; }
}

/// <summary>
/// The part of the handshake that all frontends share: find the backend, watch its state, switch one's own, report a failed probe as
/// Linux' <c>xenbus_dev_error</c> does. A subclass says what it does in each backend state.
/// </summary>
public abstract class FrontendActor<TState> : Actor<TState>
    where TState : class, ICodec<TState>, IFrontendState
{
    protected DeviceSwitch Device => State.Device;

    protected XenstoreClient Xs => State.Xs;

    protected DriverContext Driver => State.Driver;

    protected override void PreStart()
    {
        Xs.Server = Driver.Bus;
        Xs.Read(Context, Device.Path("backend-id"));
        Xs.Read(Context, Device.Path("backend"));
    }

    public void On(in XsReply m)
    {
        if (Xs.Accept(in m))
        {
            Answered();
        }
    }

    public void On(in XsWatchEvent m)
    {
        // The backend's state may have changed: read it when nothing else is under way.
        if (Xs.Waiting || InTransaction)
        {
            WatchPending = true;
        }
        else
        {
            ReadBackendState();
        }
    }

    /// <summary>Whether an own transaction is between its begin and its end.</summary>
    protected abstract bool InTransaction { get; }

    protected abstract bool WatchPending { get; set; }

    /// <summary>All answers to the last questions are in.</summary>
    protected abstract void Answered();

    protected abstract void ReadBackendState();

    /// <summary>Takes the backend's address from the answers of the start; false when it is not there.</summary>
    protected bool TakeBackend()
    {
        var backend = Xs.Text(Device.Path("backend"));
        var id = Xs.Number(Device.Path("backend-id"));
        if (string.IsNullOrEmpty(backend) || id is null or < 0 or >= 0x7FF0)
        {
            return false;
        }

        Device.Other = backend;
        Device.OtherDomain = (ushort)id;
        return true;
    }

    protected void WatchBackend() => Xs.Watch(Context, Device.OtherPath("state"), Device.BusId);

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
        var text = $"{((int)error).ToString(CultureInfo.InvariantCulture)} xenbus_dev_probe on {Device.Node}";
        Fail(text);
    }

    /// <summary>As <c>xenbus_dev_error</c>: "errno text" to the error node and the log.</summary>
    protected void Fail(string text)
    {
        Print("xenbus-error", ("type", Device.Type), ("device", Device.BusId), ("text", text));
        Xs.Write(Context, $"error/{Device.Node}/error", text);
        Probed(connected: false);
    }

    protected void Probed(bool connected) => Context.Tell(Driver.Bus, new DeviceProbed(Device.Node, connected));

    protected void Grant(byte[] pages, bool readOnly, bool shared, long cookie) =>
        Context.Tell(Driver.GrantTable, new GrantPages(Device.OtherDomain, pages, readOnly, shared, cookie));

    protected void AllocatePort(long cookie) => Context.Tell(Driver.EventChannels, new AllocUnbound(Device.OtherDomain, cookie));

    protected static string Decimal(long value) => value.ToString(CultureInfo.InvariantCulture);
}
