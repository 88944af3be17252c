using System.Globalization;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers;

/// <summary>What every end of a split device remembers.</summary>
public interface ISplitDeviceState
{
    DeviceSwitch Device { get; }

    XenstoreClient Xs { get; }
}

/// <summary>
/// One end of a split device: the shell around <see cref="DeviceSwitch"/>. A subclass says which keys it publishes, and what it does when
/// its own or the other end's state has changed.
/// </summary>
public abstract class SplitDeviceActor<TState> : Actor<TState>
    where TState : class, ICodec<TState>, ISplitDeviceState
{
    protected DeviceSwitch Device => State.Device;

    protected XenstoreClient Xs => State.Xs;

    public void On(in XsReply m)
    {
        if (!Xs.Accept(in m))
        {
            return;
        }

        switch (Device.Answered(Context, Xs))
        {
            case DeviceAnswer.Drivers:
                Answered();
                break;
            case DeviceAnswer.WriteKeys:
                WriteKeys();
                Xs.End(Context);
                break;
            case DeviceAnswer.Published:
                Published();
                break;
            case DeviceAnswer.Switched when Device.ShuttingDown:
                ShutDown(Device.State);
                break;
            case DeviceAnswer.Switched:
                Switched(Device.State);
                break;
            case DeviceAnswer.OtherState when Device.ShuttingDown:
                // Work that might fail is not begun any more; only a closing other end is answered.
                if (Device.OtherState == XenbusState.Closing && Device.State == XenbusState.Closing)
                {
                    SwitchTo(XenbusState.Closed);
                }

                break;
            case DeviceAnswer.OtherState:
                OtherChanged(Device.OtherState);
                break;
        }

        if (!TakeLeave())
        {
            Look();
        }
    }

    public void On(in DeviceGone m)
    {
        Device.Leave = DeviceLeave.Removed;
        TakeLeave();
    }

    public void On(in XsWatchEvent m)
    {
        if (!TakeOwnWatch(m.Token))
        {
            Device.OtherPending = true;
        }

        Look();
    }

    /// <summary>Nothing of the driver's own is under way: what a watch has asked for can be done.</summary>
    protected abstract bool Idle { get; }

    /// <summary>All answers to the driver's own questions are in.</summary>
    protected abstract void Answered();

    /// <summary>Writes the device's keys into the open transaction; it may be asked again.</summary>
    protected virtual void WriteKeys()
    {
    }

    protected virtual void Published()
    {
    }

    protected abstract void Switched(XenbusState to);

    /// <summary>While the machine goes down: the own state is written.</summary>
    protected virtual void ShutDown(XenbusState to)
    {
    }

    /// <summary>Nothing is under way any more, and the machine goes down.</summary>
    protected virtual void BeginShutdown()
    {
    }

    protected abstract void OtherChanged(XenbusState other);

    /// <summary>True when the watch is one of the driver's own.</summary>
    protected virtual bool TakeOwnWatch(string token) => false;

    /// <summary>True when one of the driver's own watches had something to ask.</summary>
    protected virtual bool LookAtOwn() => false;

    protected virtual void SwitchTo(XenbusState state) => Device.BeginSwitch(Context, Xs, state);

    protected void BeginPublish() => Device.BeginPublish(Context, Xs);

    protected void WatchOther() => Xs.Watch(Context, Device.OtherPath("state"), Device.BusId);

    /// <summary>The own directory is gone: with the domain, or the toolstack has removed the device.</summary>
    protected abstract void Removed();

    /// <summary>The driver is taken away from its device.</summary>
    protected virtual void Unbound() => Context.Stop();

    // device_release_driver waits for the device's lock: a transaction or a look that is under way ends first. The other end is not looked at any more.
    protected bool TakeLeave()
    {
        if (Device.Leave == DeviceLeave.None || Device.Busy)
        {
            return false;
        }

        var why = Device.Leave;
        Device.Leave = DeviceLeave.None;
        if (why == DeviceLeave.Removed)
        {
            Removed();
        }
        else
        {
            Unbound();
        }

        return true;
    }

    /// <summary>Takes the other end's address from the answers of the start; false when it is not there.</summary>
    protected bool TakeOther(string pathKey, string domainKey)
    {
        var path = Xs.Text(Device.Path(pathKey));
        var domain = Xs.Number(Device.Path(domainKey));
        if (string.IsNullOrEmpty(path) || domain is null or < 0 || domain >= DomId.FirstReserved.Value)
        {
            return false;
        }

        Device.Other = path;
        Device.OtherDomain = (ushort)domain;
        return true;
    }

    /// <summary>As <c>xenbus_dev_error</c>: the words go to the error node.</summary>
    protected virtual void WriteError(string text) => Xs.Write(Context, $"error/{Device.Node}/error", text);

    protected static string Decimal(long value) => value.ToString(CultureInfo.InvariantCulture);

    // Does what a watch has asked for, one thing at a time.
    protected void Look()
    {
        if (Xs.Waiting || Device.Busy)
        {
            return;
        }

        if (Device.ShutdownPending)
        {
            Device.ShutdownPending = false;
            BeginShutdown();
        }
        else if ((Device.ShuttingDown || (Idle && !LookAtOwn())) && Device.OtherPending)
        {
            Device.LookAtOther(Context, Xs);
        }
    }
}
