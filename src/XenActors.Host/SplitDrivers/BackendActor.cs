using System.Globalization;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers;

public interface IBackendState
{
    BackendContext Driver { get; }

    DeviceSwitch Device { get; }

    XenstoreClient Xs { get; }
}

/// <summary>The part of the handshake that all backends share.</summary>
public abstract class BackendActor<TState> : Actor<TState>
    where TState : class, ICodec<TState>, IBackendState
{
    protected DeviceSwitch Device => State.Device;

    protected XenstoreClient Xs => State.Xs;

    protected BackendContext Driver => State.Driver;

    protected override void PreStart()
    {
        Xs.Server = Driver.Bus;
        Xs.Read(Context, Device.Path("frontend-id"));
        Xs.Read(Context, Device.Path("frontend"));
        Xs.Read(Context, Device.Path("state"));
    }

    public void On(in XsReply m)
    {
        if (Xs.Accept(in m))
        {
            Answered();
        }
    }

    // The frontend is gone with its domain, or the toolstack has removed this device.
    public void On(in DeviceGone m) => Context.Stop();

    protected abstract void Answered();

    protected bool TakeFrontend()
    {
        var frontend = Xs.Text(Device.Path("frontend"));
        var id = Xs.Number(Device.Path("frontend-id"));
        if (string.IsNullOrEmpty(frontend) || id is null or < 0 or >= 0x7FF0)
        {
            return false;
        }

        Device.Other = frontend;
        Device.OtherDomain = (ushort)id;
        return true;
    }

    protected void WatchFrontend() => Xs.Watch(Context, Device.OtherPath("state"), Device.BusId);

    protected override void PostStop()
    {
        if (Device.Other.Length > 0)
        {
            Xs.Unwatch(Context, Device.OtherPath("state"), Device.BusId);
        }
    }

    /// <summary>What a frontend gave us goes back to it: mapped pages and bound ports.</summary>
    protected void Release(List<uint> handles, params ReadOnlySpan<uint> ports)
    {
        if (handles.Count > 0)
        {
            Context.Tell(Driver.Places.GrantTable(Device.OtherDomain), new UnmapGrants(Driver.Domain, handles, null, 0));
        }

        foreach (var port in ports)
        {
            if (port != 0)
            {
                Context.Tell(Driver.EventChannels, new CloseEvent(port));
            }
        }
    }

    /// <summary>As <c>xenbus_dev_error</c>: the words go to the error node.</summary>
    protected void Error(string text) => Xs.Write(Context, $"error/{Device.Node}/error", text);

    /// <summary>
    /// Writes keys in order. In a value <c>{name}</c> stands for what the device says of itself; a key whose value comes out empty is left out.
    /// </summary>
    protected void Publish(IEnumerable<BackendKey> keys, params ReadOnlySpan<(string Name, string Value)> values)
    {
        foreach (var key in keys)
        {
            var value = key.Value;
            foreach (var (name, text) in values)
            {
                value = value.Replace("{" + name + "}", text, StringComparison.Ordinal);
            }

            if (value.Length > 0)
            {
                Xs.Write(Context, Device.Path(key.Name), value);
            }
        }
    }

    protected static string Decimal(long value) => value.ToString(CultureInfo.InvariantCulture);
}
