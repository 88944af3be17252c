using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;

namespace XenActors.SplitDrivers.Net.Bridge;

[Codec]
public sealed partial class BridgePort
{
    public required string Name { get; set; }

    public bool Carrier { get; set; }
}

[Codec]
public sealed partial class BridgeState
{
    /// <summary>Ports by bridge name, in the order in which they were added.</summary>
    public SortedDictionary<string, List<BridgePort>> Bridges { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Network devices that exist, whether or not a script has put them on a bridge.</summary>
    public List<BridgePort> Devices { get; set; } = [];
}

/// <summary>A domain's software bridges: which network devices are on which. Frames do not travel yet.</summary>
public sealed class BridgeActor : Actor<BridgeState>
{
    public void On(in VifCreated m) => Device(m.Name);

    public void On(in VifCarrier m) => Device(m.Name).Carrier = m.On;

    public void On(in BridgePortAdded m)
    {
        if (!State.Bridges.TryGetValue(m.Bridge, out var ports))
        {
            State.Bridges.Add(m.Bridge, ports = []);
        }

        var device = Device(m.Port);
        if (!ports.Contains(device))
        {
            ports.Add(device);
        }
    }

    public void On(in BridgePortRemoved m)
    {
        foreach (var ports in State.Bridges.Values)
        {
            Remove(ports, m.Port);
        }

        Remove(State.Devices, m.Port);
    }

    private BridgePort Device(string name)
    {
        foreach (var device in State.Devices)
        {
            if (device.Name == name)
            {
                return device;
            }
        }

        var made = new BridgePort { Name = name };
        State.Devices.Add(made);
        return made;
    }

    private static void Remove(List<BridgePort> ports, string name)
    {
        for (var i = ports.Count - 1; i >= 0; i--)
        {
            if (ports[i].Name == name)
            {
                ports.RemoveAt(i);
            }
        }
    }
}
