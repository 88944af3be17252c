using XenActors.Guest;
using XenActors.Guest.Block.Outside;
using XenActors.Hypervisor;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net.Bridge;
using XenActors.Toolstack.Console;
using XenActors.Toolstack.Libxl;
using XenActors.Xenbus;
using XenActors.Xenstore;
using XenActors.Xenstore.Outside;

namespace XenActors.Machine;

/// <summary>A guest to be created: the text of its configuration file, and the kernel on its disk.</summary>
public sealed record GuestOrder(string ConfigText, string FileName, KernelProfile Kernel, string CommandLine, int Vcpus, string Uuid)
{
    public bool Paused { get; init; }

    /// <summary>
    /// How many more lives of this guest there are processes for: one for each restart. A domain's number is not used again, and
    /// processes exist before the run.
    /// </summary>
    public int Restarts { get; init; }
}

/// <summary>The programs outside that a machine is built for.</summary>
/// <param name="Clients">Where replies for xenstored's clients go.</param>
public sealed record OutsidePrograms(IOutsideClients Clients)
{
    /// <summary>Where replies for users of guests' disks go; null when there are none.</summary>
    public IOutsideDiskUsers? Disks { get; init; }

    /// <summary>For each of these users its guest's place among the guests. Users count from 1.</summary>
    public IReadOnlyList<int> DiskUsers { get; init; } = [];
}

/// <summary>
/// One simulated Xen host: which logical processes there are, which actors live in them, and who knows whom. Read this first.
/// </summary>
/// <remarks>
/// Processes: <c>dom0</c> (kernel, xenstored, toolstack, QEMU), <c>phys</c> (disks), and one for each guest. A domain's process begins with
/// the same four actors (see <see cref="DomainPlaces"/>). With programs outside there is also <c>tools</c>. Several hosts, and a network between
/// them: <see cref="MachineRoom"/>.
/// </remarks>
public sealed class XenMachine
{
    private const int XenstoredLocal = 5;
    private const int BridgesLocal = 6;
    private const int DisksLocal = 1;

    internal XenMachine(Simulator simulator, MachinePlaces places)
    {
        Simulator = simulator;
        Places = places.Domains;
        Xenstored = new(places.Dom0, XenstoredLocal);
        Bridges = new(places.Dom0, BridgesLocal);
        Disks = new(places.Phys, DisksLocal);
        Guests = places.Guests;
    }

    public Simulator Simulator { get; }

    public DomainPlaces Places { get; }

    public ActorRef Xenstored { get; }

    public ActorRef Bridges { get; }

    public ActorRef Disks { get; }

    public ActorRef Toolstack { get; private set; }

    /// <summary>The shell at which the guests are created.</summary>
    public ActorRef Operator { get; private set; }

    /// <summary>Where programs outside become clients of xenstored; nobody's process, 0, unless the machine was built for them.</summary>
    public int Tools { get; private init; }

    /// <summary>In the guests: who stands for the programs outside that use a disk, user 1 first.</summary>
    public IReadOnlyList<ActorRef> DiskUsers { get; private set; } = [];

    /// <summary>The guests' domain numbers, in the order of creation.</summary>
    public IReadOnlyList<ushort> Guests { get; }

    /// <summary>The number of a guest's life now, or of its last one.</summary>
    /// <param name="guest">Its place among the guests.</param>
    public ushort Current(int guest) => Simulator.StateOf<LibxlState>(Toolstack)!.Latest.GetValueOrDefault(Guests[guest], Guests[guest]);

    public XenstoreCore Store => Simulator.StateOf<XenstoredState>(Xenstored)!.Core;

    /// <summary>A guest as the hypervisor keeps it.</summary>
    public DomainState Domain(ushort domain) => Simulator.StateOf<DomainState>(Places.Domain(domain))!;

    public EventChannelsState EventChannels(ushort domain) => Simulator.StateOf<EventChannelsState>(Places.EventChannels(domain))!;

    public GrantTableState Grants(ushort domain) => Simulator.StateOf<GrantTableState>(Places.GrantTable(domain))!;

    /// <summary>A guest's kernel; null while it has not run.</summary>
    public GuestKernelState? Kernel(ushort domain) => Simulator.StateOf<GuestKernelState>(Domain(domain).Kernel);

    /// <summary>A guest's block layer, for users of its disks; nobody while the guest has not run.</summary>
    public ActorRef BlockLayer(ushort domain) => Kernel(domain)?.Block ?? ActorRef.None;

    public OperatorState OperatorState => Simulator.StateOf<OperatorState>(Operator)!;

    /// <summary>
    /// After the last event: the host ends in order, and what lies in its disks' caches reaches the volumes. No part of the history.
    /// </summary>
    public void ShutDown(IVolumes volumes)
    {
        if (!Simulator.RunsHere(Disks.Process))
        {
            return; // The node that has written them all along writes the last bytes, too.
        }

        var disks = Simulator.StateOf<DiskState>(Disks)!;
        for (var i = 0; i < disks.Units.Count && !disks.Off; i++)
        {
            foreach (var run in disks.Units[i].Cache.Contents())
            {
                volumes.Write(new VolumeId(i), run.Sector * 512, run.Bytes.Span);
            }
        }
    }

    /// <param name="outside">The programs outside; null when none will come.</param>
    public static XenMachine Build(
        HostProfile host, IReadOnlyList<GuestOrder> guests, IVolumes volumes, ulong seed, EngineOptions engine, OutsidePrograms? outside = null)
    {
        var link = host.Latencies.Link;
        var builder = new SimulatorBuilder(seed) { Engine = engine, DefaultLatency = link };
        builder.Ports.Add(volumes);
        var places = MachinePlaces.Add(builder, host, guests, "");
        var tools = outside is null ? 0 : AddTools(builder, outside.Clients, places.Dom0, link);
        if (outside?.Disks is { } disks)
        {
            builder.Ports.Add(disks);
        }

        var simulator = builder.Build();
        var machine = new XenMachine(simulator, places) { Tools = tools };
        machine.Populate(host, guests, places.Spares, null);
        if (tools != 0)
        {
            simulator.Spawn<OutsideClientsActor, OutsideClientsState>(tools, "clients", new OutsideClientsState { Xenstored = machine.Xenstored });
            machine.SpawnDiskUsers(host, outside!.DiskUsers);
        }

        return machine;
    }

    /// <param name="spares">Numbers for further lives of the guests.</param>
    /// <param name="uplink">The wire of the host's card; null when it has none.</param>
    internal void Populate(HostProfile host, IReadOnlyList<GuestOrder> guests, List<(ushort Origin, ushort Domain)> spares, Uplink? uplink)
    {
        var (dom0, phys) = (Xenstored.Process, Disks.Process);
        SpawnDom0(host, dom0, phys, uplink);
        foreach (var domain in Guests.Concat(spares.Select(s => s.Domain)))
        {
            SpawnDomain(domain, new EventChannelsState { Domain = domain, Places = Places, Costs = host.Costs }, host.Costs.Hypercall);
            Simulator.Spawn<FrontendXenbusActor, FrontendXenbusState>(
                Places.Processes[domain], "xenbus", new FrontendXenbusState
            {
                Domain = domain,
                Places = Places,
                Xenstored = Xenstored,
                Costs = host.Costs,
            });
        }

        SpawnOperator(host, guests, spares, dom0);
    }

    private void SpawnDiskUsers(HostProfile host, IReadOnlyList<int> guests)
    {
        var users = new List<ActorRef>();
        foreach (var guest in guests)
        {
            var user = users.Count + 1;
            users.Add(Simulator.Spawn<OutsideDiskUserActor, OutsideDiskUserState>(
                Places.Processes[Guests[guest]], $"disk-user-{user}", new OutsideDiskUserState { User = user, SubmitCost = host.Costs.GuestBlockHalf }));
        }

        DiskUsers = users;
    }

    // Last, so that all others have the numbers that they have without it.
    private static int AddTools(SimulatorBuilder builder, IOutsideClients outside, int dom0, VirtualDuration link)
    {
        builder.Ports.Add(outside);
        var tools = builder.AddProcess("tools");
        builder.AddLinks(dom0, tools, link);
        return tools;
    }

    private void SpawnDomain(ushort domain, EventChannelsState events, VirtualDuration hypercall)
    {
        var process = Places.Processes[domain];
        Simulator.Spawn<DomainActor, DomainState>(process, "domain", new DomainState { Domain = domain, Places = Places, Xenstored = Xenstored });
        Simulator.Spawn<EventChannelsActor, EventChannelsState>(process, "evtchn", events);
        Simulator.Spawn<GrantTableActor, GrantTableState>(process, "gnttab", new GrantTableState { Domain = domain, Places = Places, HypercallCost = hypercall });
    }

    private void SpawnDom0(HostProfile host, int dom0, int phys, Uplink? uplink)
    {
        SpawnDomain(0, EventChannelsState.OfDom0(Places, host.Dom0.Vcpus, host.FifoEventsInDom0, host.Costs), host.Costs.PvHypercall);
        Simulator.Spawn<BackendXenbusActor, BackendXenbusState>(dom0, "xenbus", new BackendXenbusState
        {
            Domain = 0,
            Places = Places,
            Xenstored = Xenstored,
            Disks = Disks,
            Bridges = Bridges,
            Keys = host.Backend,
            Costs = host.Costs,
            GrantRetries = host.GrantRetriesInDom0,
            Defects = host.Defects,
        });
        var xenstored = XenstoredState.Create(Places, new XenstoredOptions
        {
            RequestCost = host.Latencies.Xenstored,
            JitterPercent = host.Latencies.JitterPercent,
            Defects = host.Defects,
        });
        xenstored.ToolsProcess = Tools;
        Simulator.Spawn<XenstoredActor, XenstoredState>(dom0, "xenstored", xenstored);
        Simulator.Spawn<BridgeActor, BridgeState>(
            dom0, "bridges", uplink is null ? new BridgeState() : BridgeState.Wired(host.Bridge, "eth0", uplink.Mac, uplink.Wire));
        Simulator.Spawn<DiskActor, DiskState>(phys, "disks", new DiskState { Profile = host.Disk, JitterPercent = host.Latencies.JitterPercent });
    }

    private void SpawnOperator(HostProfile host, IReadOnlyList<GuestOrder> guests, List<(ushort Origin, ushort Domain)> spares, int dom0)
    {
        var state = LibxlState.Create(host, new Dom0Peers
        {
            Xenstored = Xenstored,
            Bridge = Bridges,
            Disks = Disks,
            Places = Places,
        });
        foreach (var (origin, domain) in spares)
        {
            if (!state.Spares.TryGetValue(origin, out var kept))
            {
                state.Spares.Add(origin, kept = []);
            }

            kept.Add(domain);
        }

        Toolstack = Simulator.Spawn<LibxlActor, LibxlState>(dom0, "toolstack", state);
        Simulator.Spawn<XenconsoledActor, XenconsoledState>(dom0, "xenconsoled", XenconsoledState.Create(Xenstored));
        var orders = new List<CreateGuest>();
        for (var i = 0; i < guests.Count; i++)
        {
            var guest = guests[i];
            orders.Add(new CreateGuest(guest.ConfigText, guest.FileName, Guests[i], guest.Uuid, guest.Kernel, guest.CommandLine, guest.Paused));
        }

        Operator = Simulator.Spawn<OperatorActor, OperatorState>(dom0, "operator", new OperatorState { Toolstack = Toolstack, Orders = orders, Disks = Disks, Xenstored = Xenstored, BackendBus = Places.Xenbus(0) });
        Simulator.Spawn<Dom0InitActor, Dom0InitState>(dom0, "init", Dom0InitState.Create(Xenstored, host, Operator));
    }
}
