using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.DeviceModel;
using XenActors.Experiments.Profiles;
using XenActors.Hypervisor;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers;
using XenActors.SplitDrivers.Block.Back;
using XenActors.SplitDrivers.Net.Bridge;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.Tests.SplitDrivers;

/// <summary>
/// dom0, domain 29 and the disks, each in its process: the real store, event channels, grant tables and xenbuses. Kernels, toolstack and
/// the other end of the device under test are scripted.
/// </summary>
internal sealed class DeviceBench
{
    public const ushort Guest = 29;
    public const string GuestHome = "/local/domain/29";
    public const string BackHome = "/local/domain/0";

    private readonly Dictionary<ushort, ActorRef> buses = [];

    /// <param name="costs">Nothing takes time but links, disk and store when they are null.</param>
    public DeviceBench(ulong seed = 1, Func<HostProfile, HostProfile>? change = null, HostCosts? costs = null)
    {
        Costs = costs ?? HostCosts.Free;
        Host = HostProfiles.Load(Path.Combine(AppContext.BaseDirectory, "hocon", "hosts"), "debian12-xen-4.17");
        Host = change?.Invoke(Host) ?? Host;
        var builder = new SimulatorBuilder(seed) { DefaultLatency = VirtualDuration.FromMicroseconds(1) };
        builder.Ports.Add(Volumes);
        Places.Processes.Add(0, builder.AddProcess("dom0"));
        Places.Processes.Add(Guest, builder.AddProcess("dom29"));
        var phys = builder.AddProcess("phys");
        Simulator = builder.Build();
        Simulator.TraceTo(Trace);
        var store = new ActorRef(Places.Processes[0], 5);
        Disks = Simulator.Spawn<DiskActor, DiskState>(
            phys, "disks", new() { Profile = DiskProfile.Plain(VirtualDuration.FromMicroseconds(80), 500_000_000) });
        Spawn(0);
        buses[0] = Simulator.Spawn<BackendXenbusActor, BackendXenbusState>(Places.Processes[0], "xenbus", new()
        {
            Domain = 0,
            Places = Places,
            Xenstored = store,
            Disks = Disks,
            Bridges = new(Places.Processes[0], 6),
            Keys = Host.Backend,
            Costs = Costs,
            GrantRetries = Host.GrantRetriesInDom0,
        });
        Xenstored = Simulator.Spawn<XenstoredActor, XenstoredState>(Places.Processes[0], "xenstored", XenstoredState.Create(Places));
        Assert.Equal(store, Xenstored);
        Bridges = Simulator.Spawn<BridgeActor, BridgeState>(Places.Processes[0], "bridges", new());
        Spawn(Guest);
        buses[Guest] = Simulator.Spawn<FrontendXenbusActor, FrontendXenbusState>(
            Places.Processes[Guest], "xenbus", new() { Domain = Guest, Places = Places, Xenstored = Xenstored, Costs = Costs });
        Operator = NewPeer(0, "operator");
        Front = NewPeer(Guest, "front");
        Request(XsWireType.Introduce, "29\0" + "7\0" + "3\0");
        Write(GuestHome + "/domid", "29");
        Perms(GuestHome, "n0", "r29");
        Directory(GuestHome + "/error", ["n29"]);
        Run();
    }

    public HostProfile Host { get; }

    public HostCosts Costs { get; }

    public Simulator Simulator { get; }

    public DomainPlaces Places { get; } = new();

    public MemoryVolumes Volumes { get; } = new();

    public TraceLog Trace { get; } = new();

    public ActorRef Xenstored { get; }

    public ActorRef Disks { get; }

    public ActorRef Bridges { get; }

    /// <summary>The toolstack's hand in dom0.</summary>
    public Peer Operator { get; }

    /// <summary>A driver in the guest's place.</summary>
    public Peer Front { get; }

    public ActorRef FrontBus => buses[Guest];

    public ActorRef BackBus => buses[0];

    public EventChannels Channels(ushort domain) => Simulator.StateOf<EventChannelsState>(Places.EventChannels(domain))!.Channels;

    public GrantTable Grants(ushort domain) => Simulator.StateOf<GrantTableState>(Places.GrantTable(domain))!.Table;

    public GrantCounts GrantCounts => Simulator.StateOf<GrantTableState>(Places.GrantTable(Guest))!.Counts;

    public EventChannelsState Events(ushort domain) => Simulator.StateOf<EventChannelsState>(Places.EventChannels(domain))!;

    /// <summary>How long a domain's vCPUs have worked.</summary>
    public VirtualDuration Worked(ushort domain) => Simulator.WorkDone(Places.Processes[domain]);

    public Peer NewPeer(ushort domain, string name) =>
        new(Simulator, Simulator.Spawn<PeerActor, PeerState>(Places.Processes[domain], name, new()));

    public void Run(long milliseconds = 10) => Simulator.RunFor(VirtualDuration.FromMilliseconds(milliseconds));

    public void Write(string path, string value) => Request(XsWireType.Write, $"{path}\0{value}");

    /// <summary>QEMU's part of a qdisk of the guest's, from InitWait on.</summary>
    public void StartQdisk(string back, bool copies, bool grantRetries = false)
    {
        Write($"{back}/mode", "w");
        var driver = new BackendContext
        {
            Domain = 0,
            Places = Places,
            Bus = Xenstored,
            Keys = Host.Backend,
            Disks = Disks,
            Bridges = Bridges,
            Costs = Costs,
            GrantCopy = copies,
            GrantRetries = grantRetries,
        };
        Simulator.Spawn<QdiskActor, BlkbackState>(Places.Processes[0], "qdisk-768", BlkbackState.CreateQdisk(driver, "backend/qdisk/29/768", "/disk"));
        Run(100);
    }

    public void Rm(string path)
    {
        Request(XsWireType.Rm, path + "\0");
        Run();
    }

    public void Perms(string path, params ReadOnlySpan<string> permissions) =>
        Request(XsWireType.SetPerms, $"{path}\0{string.Join('\0', permissions!)}\0");

    /// <summary>A directory and its keys, as libxl makes them.</summary>
    public void Directory(string path, string[] permissions, params ReadOnlySpan<(string Key, string Value)> keys)
    {
        Request(XsWireType.Mkdir, path + "\0");
        Perms(path, permissions);
        foreach (var (key, value) in keys)
        {
            Write($"{path}/{key}", value);
        }
    }

    public string? Value(string path)
    {
        foreach (var node in Simulator.StateOf<XenstoredState>(Xenstored)!.Core.Dump())
        {
            if (node.Path == path)
            {
                return Encoding.Latin1.GetString(node.Value.Span);
            }
        }

        return null;
    }

    /// <summary>A node's children in the order in which they were made.</summary>
    public List<string> Keys(string path) =>
    [
        .. Simulator.StateOf<XenstoredState>(Xenstored)!.Core.Dump()
            .Where(n => n.Path.StartsWith(path + "/", StringComparison.Ordinal)).Select(n => n.Path[(path.Length + 1)..]),
    ];

    /// <summary>What dom0's backend drivers have printed.</summary>
    public List<string> BackLog => [.. Simulator.StateOf<BackendXenbusState>(BackBus)!.Log];

    /// <summary>States that one end's driver wrote, through its kernel's xenbus.</summary>
    public List<string> States(string path)
    {
        var states = new List<string>();
        foreach (var record in Trace.Records)
        {
            if (record.Actor.EndsWith("xenbus", StringComparison.Ordinal) && record.Text.StartsWith("Write ", StringComparison.Ordinal)
                && record.Text.Contains($"({path}/state ", StringComparison.Ordinal))
            {
                states.Add(record.Text[(record.Text.LastIndexOf(' ') + 1)..^1]);
            }
        }

        return states;
    }

    /// <summary>Request numbers of the commits that a driver has sent.</summary>
    public List<uint> Commits(string driver) =>
    [
        .. Trace.Records
            .Where(r => r.Sender == driver && r.Text.StartsWith("TransactionEnd #", StringComparison.Ordinal))
            .Select(r => uint.Parse(r.Text.Split(' ')[1][1..], CultureInfo.InvariantCulture)),
    ];

    /// <summary>Runs until a driver commits, and tells it EAGAIN before the store can answer.</summary>
    public void Conflict(string driver)
    {
        var before = Commits(driver).Count;
        for (var i = 0; i < 2000 && Commits(driver).Count == before; i++)
        {
            Simulator.RunFor(VirtualDuration.FromMicroseconds(5));
        }

        var reply = new XsReply(XsWireType.Error, Commits(driver)[before], 0, Encoding.Latin1.GetBytes("EAGAIN\0"));
        Simulator.Tell(Simulator.Find(driver), in reply);
    }

    private void Request(XsWireType type, string payload) =>
        Operator.Say(Xenstored, new XsRequest(type, 1, 0, Encoding.Latin1.GetBytes(payload)));

    private void Spawn(ushort domain)
    {
        var process = Places.Processes[domain];
        Simulator.Spawn<DomainActor, DomainState>(process, "domain", new() { Domain = domain, Places = Places });
        Simulator.Spawn<EventChannelsActor, EventChannelsState>(process, "evtchn", new() { Domain = domain, Places = Places, Costs = Costs });
        Simulator.Spawn<GrantTableActor, GrantTableState>(process, "gnttab", new()
        {
            Domain = domain,
            Places = Places,
            HypercallCost = domain == 0 ? Costs.PvHypercall : Costs.Hypercall,
        });
    }
}
