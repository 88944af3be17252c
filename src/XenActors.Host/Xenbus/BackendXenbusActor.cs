using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers;
using XenActors.SplitDrivers.Block.Back;
using XenActors.SplitDrivers.Net.Back;
using XenActors.Xenstore;

namespace XenActors.Xenbus;

[Codec]
public sealed partial class BackendDevice
{
    /// <summary>As <c>backend/vbd/29/768</c>.</summary>
    public required string Node { get; set; }

    public ActorRef Driver { get; set; }
}

[Codec]
public sealed partial class BackendXenbusState
{
    public required ushort Domain { get; set; }

    public required DomainPlaces Places { get; set; }

    public required ActorRef Xenstored { get; set; }

    public required ActorRef Disks { get; set; }

    public required ActorRef Bridges { get; set; }

    public required BackendKeys Keys { get; set; }

    public HostCosts Costs { get; set; } = HostCosts.Free;

    /// <summary>As <see cref="BackendContext.GrantRetries"/>.</summary>
    public bool GrantRetries { get; set; }

    /// <summary>Of the backends.</summary>
    public Defects Defects { get; set; }

    public XenbusMultiplexer Multiplexer { get; set; } = new();

    public XenstoreClient Xs { get; set; } = new();

    public List<BackendDevice> Devices { get; set; } = [];

    /// <summary>Nodes that a watch has named, until the bus gets to them.</summary>
    public List<string> Candidates { get; set; } = [];

    /// <summary>Nodes whose state is being asked for.</summary>
    public List<string> Asked { get; set; } = [];

    /// <summary>Devices whose driver has gone and that were there still when it went.</summary>
    public List<string> Orphans { get; set; } = [];

    /// <summary>Devices that are probed because their driver was loaded again.</summary>
    public List<string> Reborn { get; set; } = [];

    /// <summary>Drivers of modules that are being removed, until they have gone.</summary>
    public List<BackendDevice> Leaving { get; set; } = [];

    /// <summary>Types whose module is loaded again as soon as the old one's drivers have gone.</summary>
    public List<string> Reloads { get; set; } = [];

    /// <summary>Devices whose driver was taken away, and whose state is being asked for.</summary>
    public List<string> Unbound { get; set; } = [];

    /// <summary>What backend drivers have printed: the end of this kernel's log.</summary>
    public Queue<string> Log { get; set; } = [];
}

/// <summary>
/// A backend domain's xenbus: watches <c>backend</c>, and binds blkback and netback to what appears there. QEMU's backends (qdisk, console,
/// vkbd) are not its.
/// </summary>
public sealed class BackendXenbusActor : Actor<BackendXenbusState>
{
    private const string BackendWatch = "backend";

    private const int LogLines = 1000;

    // The watch thread wakes, and creates the device before it asks for the driver.
    private static readonly VirtualDuration WakeTime = VirtualDuration.FromMicroseconds(60);

    protected override void PreStart()
    {
        State.Xs.Server = Self;
        State.Xs.Watch(Context, "backend", BackendWatch);
    }

    // As the real log, it keeps the newest lines.
    public void On(in Printk m)
    {
        State.Log.Enqueue(m.Text);
        if (State.Log.Count > LogLines)
        {
            State.Log.Dequeue();
        }
    }

    public void On(in XsRequest m) => Context.Tell(State.Xenstored, State.Multiplexer.Forward(Sender, in m));

    public void On(in XsReply m)
    {
        if (!State.Multiplexer.Return(in m, out var caller, out var returned))
        {
            return;
        }

        if (caller != Self)
        {
            Context.Tell(caller, in returned);
        }
        else if (State.Xs.Accept(in returned))
        {
            Bind();
        }
    }

    public void On(in XsWatchEvent m)
    {
        var watcher = State.Multiplexer.WatcherOf(m.Token);
        if (watcher != Self)
        {
            Context.Tell(watcher, in m);
            return;
        }

        // backend/<type>/<frontend's domain>/<device>[/<key>]
        var parts = m.Path.Split('/');
        if (parts.Length < 4)
        {
            // A whole subtree may be gone with one event.
            foreach (var device in State.Devices)
            {
                if (device.Node.StartsWith(m.Path + "/", StringComparison.Ordinal))
                {
                    Name(device.Node);
                }
            }

            return;
        }

        if (!Has(parts[1]))
        {
            return;
        }

        var node = string.Join('/', parts[..4]);
        if (parts.Length == 4 || Find(node) is null)
        {
            Name(node);
        }
    }

    public void On(in ProbeDue m)
    {
        State.Candidates.Remove(m.Node);
        State.Asked.Add(m.Node);
        State.Xs.Read(Context, m.Node + "/state");
    }

    // A driver has let go of its device, because its frontend has vanished; or it has died, and the device is there still.
    public void On(in Terminated m)
    {
        var driver = m.Actor;
        foreach (var device in State.Devices)
        {
            if (device.Driver == driver && !State.Orphans.Contains(device.Node))
            {
                State.Orphans.Add(device.Node);
            }
        }

        State.Devices.RemoveAll(d => d.Driver == driver);
        if (State.Leaving.FindIndex(d => d.Driver == driver) is >= 0 and var left)
        {
            var node = State.Leaving[left].Node;
            State.Leaving.RemoveAt(left);
            State.Unbound.Add(node);
            State.Xs.Read(Context, node + "/state");
            foreach (var type in State.Reloads.Where(r => !State.Leaving.Exists(d => TypeOf(d.Node) == r)).ToList())
            {
                State.Reloads.Remove(type);
                Loaded(type);
            }
        }
    }

    // Whoever serves the volume looks at its size.
    public void On(in DiskResized m)
    {
        foreach (var device in State.Devices)
        {
            if (TypeOf(device.Node) == "vbd")
            {
                Context.Tell(device.Driver, in m);
            }
        }
    }

    public void On(in ReloadBackend m)
    {
        foreach (var device in State.Devices)
        {
            if (TypeOf(device.Node) == m.Type)
            {
                State.Orphans.Add(device.Node);
                State.Leaving.Add(device);
                Context.Tell(device.Driver, new DriverRemoved());
            }
        }

        var type = m.Type;
        State.Devices.RemoveAll(d => TypeOf(d.Node) == type);
        Context.StartTimer(new BackendLoaded(m.Type), ReloadTime);
    }

    public void On(in BackendLoaded m)
    {
        var type = m.Type;
        if (State.Leaving.Exists(d => TypeOf(d.Node) == type))
        {
            State.Reloads.Add(type);
            return;
        }

        Loaded(type);
    }

    private void Loaded(string type)
    {
        foreach (var node in State.Orphans)
        {
            if (TypeOf(node) == type && !State.Reborn.Contains(node))
            {
                State.Reborn.Add(node);
                Name(node);
            }
        }

        State.Orphans.RemoveAll(n => TypeOf(n) == type);
    }

    // modprobe -r and modprobe
    private static readonly VirtualDuration ReloadTime = VirtualDuration.FromMilliseconds(50);

    private static string TypeOf(string node) => node.Split('/')[1];

    // New, or perhaps gone: its state node tells.
    private void Name(string node)
    {
        if (!State.Candidates.Contains(node))
        {
            State.Candidates.Add(node);
            Context.StartTimer(new ProbeDue(node), WakeTime);
        }
    }

    private static bool Has(string type) => type is "vbd" or "vif";

    private BackendDevice? Find(string node)
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

    // xenbus_dev_remove: a device that the toolstack is closing is Closed once its driver has gone, and can be cleared away. With the defect every device is.
    private void CloseUnbound()
    {
        foreach (var node in State.Unbound)
        {
            var state = State.Xs.State(node + "/state");
            if (state == XenbusState.Closing || (state != XenbusState.Unknown && State.Defects.HasFlag(Defects.BackendClosesOnUnbind)))
            {
                State.Xs.Write(Context, node + "/state", "6");
            }
        }

        State.Unbound = [];
    }

    private void Bind()
    {
        CloseUnbound();
        var asked = State.Asked;
        State.Asked = [];
        foreach (var node in asked)
        {
            var state = State.Xs.State(node + "/state");
            if (state == XenbusState.Unknown)
            {
                State.Orphans.Remove(node);
                State.Reborn.Remove(node);
            }

            var exists = state != XenbusState.Unknown;
            var device = Find(node);
            if (device is not null && !exists)
            {
                Context.Tell(device.Driver, new DeviceGone());
                State.Devices.Remove(device);
            }
            else if (device is null && (state == XenbusState.Initialising || (State.Reborn.Contains(node) && exists)))
            {
                // A device in any other state is not new, unless its driver is.
                State.Reborn.Remove(node);
                var driver = Spawn(node);
                Context.Watch(driver);
                State.Devices.Add(new BackendDevice { Node = node, Driver = driver });
            }
        }
    }

    private ActorRef Spawn(string node)
    {
        var driver = new BackendContext
        {
            Domain = State.Domain,
            Places = State.Places,
            Bus = Self,
            Keys = State.Keys,
            Disks = State.Disks,
            Bridges = State.Bridges,
            Costs = State.Costs,
            GrantRetries = State.GrantRetries,
            Defects = State.Defects,
        };
        var name = node["backend/".Length..].Replace('/', '-');
        return node.Split('/')[1] == "vbd"
            ? Context.Spawn<BlkbackActor, BlkbackState>(name, BlkbackState.Create(driver, node))
            : Context.Spawn<NetbackActor, NetbackState>(name, NetbackState.Create(driver, node));
    }
}
