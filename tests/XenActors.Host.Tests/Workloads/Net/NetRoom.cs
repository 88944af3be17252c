using XenActors.Experiments.Profiles;
using XenActors.Experiments.Workloads.Net;
using XenActors.Machine;
using XenActors.Machine.Network;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Bridge;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.Workloads.Net;

/// <summary>Hosts with guests that have a network device and nothing else, booted until their carriers are on.</summary>
internal sealed class NetRoom
{
    public const string Bridge = "xenbr0";

    private static readonly string[] HostNames = ["alpha", "beta", "gamma"];

    public NetRoom(int hosts, int guests, ulong seed = 1, EngineOptions? engine = null, NetworkPlan? network = null, string kernel = "debian12-6.1", string host = "debian12-xen-4.17")
    {
        var profile = HostProfiles.Load(Path.Combine(AppContext.BaseDirectory, "hocon", "hosts"), host);
        var linux = KernelProfiles.Load(Path.Combine(AppContext.BaseDirectory, "hocon", "kernels"), kernel);
        var plans = new List<HostPlan>();
        for (var h = 0; h < hosts; h++)
        {
            var orders = new List<GuestOrder>();
            for (var g = 0; g < guests; g++)
            {
                var text = $"type='hvm'\nname='{NameOf(h, g)}'\nmemory=256\nvif=['mac={Mac(h, g)}, bridge={Bridge}']\n";
                orders.Add(new(text, $"{NameOf(h, g)}.cfg", linux, "", 1, $"00000000-0000-4000-8000-0000000000{h}{g}"));
            }

            plans.Add(new(HostNames[h], profile with { Bridge = Bridge }, orders));
        }

        Room = MachineRoom.Build(plans, network ?? new NetworkPlan(), new MemoryVolumes(), seed, engine ?? EngineOptions.Sequential);
    }

    public MachineRoom Room { get; }

    public Simulator Simulator => Room.Simulator;

    public static string NameOf(int host, int guest) => $"{HostNames[host]}{guest}";

    public static MacAddress Mac(int host, int guest) => new(0x0016_3e00_0000 + ((ulong)host << 8) + (ulong)guest + 1);

    public NetRoom Boot()
    {
        for (var second = 0; second < 300 && !Up; second++)
        {
            Simulator.RunFor(VirtualDuration.FromSeconds(1));
        }

        Assert.True(Up, "the guests' carriers are not on");
        return this;
    }

    public BridgeState Bridges(int host) => Simulator.StateOf<BridgeState>(Room.Machines[host].Bridges)!;

    public NetRun Start(params NetJob[] jobs) => NetRun.Start(Room.Machines, jobs);

    private bool Up => Room.Machines.Select((m, h) => m.Guests.All(d => Bridges(h).Find($"vif{d}.0") is { Carrier: true, Bridge: Bridge } && m.Kernel(d)?.Nics.Count > 0)).All(u => u);
}
