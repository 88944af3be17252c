using XenActors.Machine.Disks;
using XenActors.Machine.Network;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Machine;

/// <summary>
/// Several hosts in one simulation, and the switch between them. The processes of a host are those of <see cref="XenMachine"/>, with the host's name
/// before theirs (<c>alpha/dom0</c>); the switch has the process <c>net</c>. A host that is alone has no switch, and no name before its processes.
/// </summary>
public sealed class MachineRoom
{
    private const int SwitchLocal = 1;

    /// <summary>Cards have addresses of one maker, numbered by host.</summary>
    private const ulong CardMac = 0x001B_2100_0000;

    private MachineRoom(Simulator simulator, List<HostPlan> plans, List<XenMachine> machines, ActorRef network)
    {
        Simulator = simulator;
        Names = [.. plans.Select(p => p.Name)];
        Machines = machines;
        Switch = network;
    }

    public Simulator Simulator { get; }

    /// <summary>The hosts' names, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The hosts, in the order of their names.</summary>
    public IReadOnlyList<XenMachine> Machines { get; }

    /// <summary>Nobody when there is one host only.</summary>
    public ActorRef Switch { get; }

    public XenMachine this[string host] => Machines[Names.ToList().IndexOf(host) is >= 0 and var at ? at : throw new KeyNotFoundException($"no host {host}")];

    /// <summary>What the switch has done; null when there is none.</summary>
    public SwitchState? Network => Switch.IsNone ? null : Simulator.StateOf<SwitchState>(Switch);

    /// <param name="hosts">At least one; their names are different and hold no slash.</param>
    /// <param name="volumes">
    /// Of the whole room: a path that two hosts name is one volume, shared as a storage network shares it, and each host caches it for itself.
    /// </param>
    public static MachineRoom Build(IReadOnlyList<HostPlan> hosts, NetworkPlan network, IVolumes volumes, ulong seed, EngineOptions engine)
    {
        var plans = hosts.ToList();
        if (plans.Count == 0 || plans.Exists(p => p.Name.Length == 0 || p.Name.Contains('/', StringComparison.Ordinal) || plans.Count(o => o.Name == p.Name) > 1))
        {
            throw new ArgumentException("hosts need names of their own, without a slash", nameof(hosts));
        }

        if (plans.Count == 1)
        {
            var alone = XenMachine.Build(plans[0].Profile, plans[0].Guests, volumes, seed, engine);
            return new(alone.Simulator, plans, [alone], ActorRef.None);
        }

        var builder = new SimulatorBuilder(seed) { Engine = engine };
        builder.Ports.Add(volumes);
        var places = new List<MachinePlaces>();
        foreach (var plan in plans)
        {
            var place = MachinePlaces.Add(builder, plan.Profile, plan.Guests, plan.Name + "/");
            place.LinkAll(builder, plan.Profile.Latencies.Link);
            places.Add(place);
        }

        var net = builder.AddProcess("net");
        foreach (var place in places)
        {
            builder.AddLinks(place.Dom0, net, network.Latency);
        }

        var simulator = builder.Build();
        var machines = new List<XenMachine>();
        var state = new SwitchState { Plan = network };
        for (var i = 0; i < plans.Count; i++)
        {
            var machine = new XenMachine(simulator, places[i]);
            machine.Populate(plans[i].Profile, plans[i].Guests, places[i].Spares, new(new(net, SwitchLocal), new MacAddress(CardMac + (ulong)i + 1)));
            machines.Add(machine);
            state.Ports.Add(new SwitchPort { Host = plans[i].Name, Card = machine.Bridges });
        }

        return new(simulator, plans, machines, simulator.Spawn<SwitchActor, SwitchState>(net, "switch", state));
    }
}
