using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers;

public interface IBackendState : ISplitDeviceState
{
    BackendContext Driver { get; }

    GrantRetries Retries { get; }
}

/// <summary>What all backends share beyond the handshake: the frontend's address, what is given back at the end, and lists of keys.</summary>
public abstract partial class BackendActor<TState> : SplitDeviceActor<TState>
    where TState : class, ICodec<TState>, IBackendState
{
    protected BackendContext Driver => State.Driver;

    protected override void PreStart()
    {
        Xs.Server = Driver.Bus;
        Xs.Read(Context, Device.Path("frontend-id"));
        Xs.Read(Context, Device.Path("frontend"));
        Xs.Read(Context, Device.Path("state"));
    }

    public void On(in DriverRemoved m)
    {
        Device.Leave = DeviceLeave.Unbound;
        TakeLeave();
    }

    protected override void Removed() => Gone();

    /// <summary>The device is to go; whoever has something to finish first stops later.</summary>
    protected virtual void Gone() => Context.Stop();

    protected bool TakeFrontend() => TakeOther("frontend", "frontend-id");

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
            Work(Driver.Costs.UnmapBatch(handles.Count));
            Context.Tell(Driver.Places.GrantTable(Device.OtherDomain), new UnmapGrants(handles, null, 0));
        }

        foreach (var port in ports)
        {
            if (port != 0)
            {
                Context.Tell(Driver.EventChannels, new CloseEvent(port));
            }
        }
    }

    /// <summary>Hypercalls and their like keep this domain's vCPUs busy.</summary>
    protected void Work(VirtualDuration cost)
    {
        if (cost > VirtualDuration.Zero)
        {
            Context.Work(cost);
        }
    }

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
}
