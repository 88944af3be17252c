using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;

namespace XenActors.Tests.SplitDrivers;

/// <summary>Every key that a driver reads, with nonsense in it: whoever reads it goes on, and so does the simulation.</summary>
public sealed class HostileValueTests
{
    private static readonly string[] Garbage =
        ["", "x", "-1", "4294967296", "99999999999999999999", "0", "\0", "/", "a\0b\0", "../..", new string('9', 3000), new string('/', 3000)];

    private static readonly string[] BackKeys =
        ["frontend", "frontend-id", "params", "mode", "removable", "discard-enable", "physical-device", "physical-device-path", "handle", "hotplug-status", "state"];

    private static readonly string[] FrontKeys =
    [
        "protocol", "feature-persistent", "multi-queue-num-queues", "ring-page-order", "event-channel", "event-channel-tx",
        "event-channel-rx", "ring-ref", "tx-ring-ref", "rx-ring-ref", "device-type", "state",
    ];

    private static readonly string[] FrontOwnKeys = ["backend", "backend-id", "virtual-device", "device-type", "trusted", "mac", "state"];

    private static readonly string[] FrontReadsOfBack =
    [
        "state", "sectors", "info", "sector-size", "physical-sector-size", "feature-barrier", "feature-flush-cache", "feature-discard",
        "discard-granularity", "feature-persistent", "feature-max-indirect-segments", "max-ring-page-order", "multi-queue-max-queues",
        "feature-rx-copy", "feature-split-event-channels", "feature-xdp-headroom", "feature-abs-pointer", "width", "height",
    ];

    public static TheoryData<string, string> Backends() => All(["vbd", "vif"], [.. BackKeys.Select(k => "b/" + k), .. FrontKeys.Select(k => "f/" + k)]);

    public static TheoryData<string, string> Frontends() =>
        All(["vbd", "vif", "vkbd"], [.. FrontOwnKeys.Select(k => "f/" + k), .. FrontReadsOfBack.Select(k => "b/" + k)]);

    private static TheoryData<string, string> All(string[] types, string[] keys)
    {
        var data = new TheoryData<string, string>();
        foreach (var type in types)
        {
            foreach (var key in keys)
            {
                data.Add(type, key);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void No_value_of_this_key_stops_a_backend(string type, string key)
    {
        foreach (var value in Garbage)
        {
            var bench = new DeviceBench();
            var device = new HostileDevice(bench, type, "back", key, value);
            device.Create();
            device.FrontendsRings();
            device.Set("f/state", type == "vbd" ? "3" : "4");
            device.Set("b/physical-device", "7:0");
            device.Set("b/hotplug-status", "connected");
            bench.Run(20);
        }
    }

    [Theory]
    [MemberData(nameof(Frontends))]
    public void No_value_of_this_key_stops_a_frontend(string type, string key)
    {
        foreach (var value in Garbage)
        {
            var bench = new DeviceBench();
            var device = new HostileDevice(bench, type, "front", key, value);
            device.Create();
            new ScriptedGuest(bench).Boot(true, 0, type);
            foreach (var state in (string[])["2", "4", "5"])
            {
                device.Set("b/state", state);
                bench.Run(20);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_mixture_of_values_stops_anybody(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 25; round++)
        {
            var bench = new DeviceBench((ulong)round + 1);
            var type = random.Next(2) == 0 ? "vbd" : "vif";
            var device = new HostileDevice(bench, type, "back", "f/none", "");
            device.Create();
            device.FrontendsRings();
            new ScriptedGuest(bench).Boot(random.Next(2) == 0, 0, type);
            for (var i = 0; i < 30; i++)
            {
                var key = random.Next(2) == 0 ? "b/" + Pick(random, [.. BackKeys, .. FrontReadsOfBack]) : "f/" + Pick(random, [.. FrontKeys, .. FrontOwnKeys]);
                device.Set(key, random.Next(3) == 0 ? Pick(random, Garbage) : $"{random.Next(9)}");
                bench.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(random.Next(300)));
            }

            bench.Run();
        }
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}

/// <summary>A device with all of its keys, one of which is what a test wants.</summary>
internal sealed class HostileDevice(DeviceBench bench, string type, string side, string hostileKey, string hostileValue)
{
    private readonly string front = $"{DeviceBench.GuestHome}/device/{type}/{(type == "vbd" ? 768 : 0)}";

    // The kind that dom0's kernel serves, or one that it leaves alone.
    private readonly string back = $"{DeviceBench.BackHome}/backend/{(side == "back" ? type : "scripted")}/29/{(type == "vbd" ? 768 : 0)}";

    public void Create()
    {
        bench.Directory(front, ["n29", "r0"]);
        bench.Directory(back, ["n0", "r29"]);
        Set("f/backend", back);
        Set("f/backend-id", "0");
        Set("f/virtual-device", "768");
        Set("f/device-type", "disk");
        Set("f/mac", "00:16:3e:00:00:01");
        Set("f/state", "1");
        Set("b/frontend", front);
        Set("b/frontend-id", "29");
        Set("b/params", "/disk");
        Set("b/mode", "w");
        Set("b/handle", "0");
        Set("b/sectors", "128");
        Set("b/feature-rx-copy", "1");
        Set("b/state", "1");
        bench.Run();
    }

    /// <summary>Writes a key of the front (f/) or back (b/) directory, unless it is the hostile one.</summary>
    public void Set(string key, string value)
    {
        var path = $"{(key[0] == 'f' ? front : back)}{key[1..]}";
        bench.Write(path, key == hostileKey ? hostileValue : value);
    }

    public void FrontendsRings()
    {
        var page = new byte[Gfn.PageSize];
        SharedRing.Initialise(page);
        foreach (var name in (string[])["ring-ref", "tx-ring-ref", "rx-ring-ref"])
        {
            bench.Front.Tell(bench.Places.GrantTable(DeviceBench.Guest), new GrantPages(0, [.. page], false, true, 0));
            Set("f/" + name, $"{bench.Front.Last<PagesGranted>().Refs[0]}");
        }

        foreach (var name in (string[])["event-channel", "event-channel-tx", "event-channel-rx"])
        {
            bench.Front.Tell(bench.Places.EventChannels(DeviceBench.Guest), new AllocUnbound(0, 0));
            Set("f/" + name, $"{bench.Front.Last<EvtchnAllocated>().Port}");
        }
    }
}
