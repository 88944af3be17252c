using XenActors.Hypervisor;
using XenActors.Machine;
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

    public XenbusMultiplexer Multiplexer { get; set; } = new();

    public XenstoreClient Xs { get; set; } = new();

    public List<BackendDevice> Devices { get; set; } = [];

    /// <summary>Nodes whose state is being asked for.</summary>
    public List<string> Candidates { get; set; } = [];
}

/// <summary>
/// A backend domain's xenbus: watches <c>backend</c>, and binds blkback and netback to what appears there. QEMU's backends (qdisk, console,
/// vkbd) are not its.
/// </summary>
public sealed class BackendXenbusActor : Actor<BackendXenbusState>
{
    private const string BackendWatch = "backend";

    // The watch thread wakes, and creates the device before it asks for the driver.
    private static readonly VirtualDuration WakeTime = VirtualDuration.FromMicroseconds(60);

    protected override void PreStart()
    {
        State.Xs.Server = Self;
        State.Xs.Watch(Context, "backend", BackendWatch);
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
        if (m.Path.Split('/') is not { Length: >= 4 } parts || !Has(parts[1]))
        {
            return;
        }

        var node = string.Join('/', parts[..4]);
        var known = Find(node) is not null;
        if (!State.Candidates.Contains(node) && (!known || parts.Length == 4))
        {
            // New, or perhaps gone: its state node tells.
            State.Candidates.Add(node);
            Context.StartTimer(new ProbeDue(node), WakeTime);
        }
    }

    public void On(in ProbeDue m) => State.Xs.Read(Context, m.Node + "/state");

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

    private void Bind()
    {
        var candidates = State.Candidates;
        State.Candidates = [];
        foreach (var node in candidates)
        {
            var exists = State.Xs.Number(node + "/state") is not null;
            var device = Find(node);
            if (device is not null && !exists)
            {
                Context.Tell(device.Driver, new DeviceGone());
                State.Devices.Remove(device);
            }
            else if (device is null && exists)
            {
                State.Devices.Add(new BackendDevice { Node = node, Driver = Spawn(node) });
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
        };
        var name = node["backend/".Length..].Replace('/', '-');
        return node.Split('/')[1] == "vbd"
            ? Context.Spawn<BlkbackActor, BlkbackState>(name, BlkbackState.Create(driver, node))
            : Context.Spawn<NetbackActor, NetbackState>(name, NetbackState.Create(driver, node));
    }
}
