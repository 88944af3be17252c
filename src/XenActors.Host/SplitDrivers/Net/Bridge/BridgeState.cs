using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Bridge;

[Codec]
public sealed partial class BridgeState
{
    /// <summary>By name.</summary>
    public SortedDictionary<string, BridgeTable> Bridges { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Network devices that exist, whether or not a script has put them on a bridge.</summary>
    public List<BridgePort> Devices { get; set; } = [];

    /// <summary>With a card on its bridge, wired to a switch: what dom0's own network scripts have made before any guest.</summary>
    public static BridgeState Wired(string bridge, string card, MacAddress mac, ActorRef wire)
    {
        var state = new BridgeState();
        state.Bridges.Add(bridge, new BridgeTable());
        state.Devices.Add(new BridgePort { Name = card, Carrier = true, Driver = wire, Wired = true, Mac = mac, Bridge = bridge });
        return state;
    }

    public BridgePort? Find(string name)
    {
        foreach (var device in Devices)
        {
            if (device.Name == name)
            {
                return device;
            }
        }

        return null;
    }

    public BridgePort? DrivenBy(ActorRef driver)
    {
        foreach (var device in Devices)
        {
            if (device.Driver == driver)
            {
                return device;
            }
        }

        return null;
    }

    /// <summary>The lowest address of its ports, as Linux' br_stp_recalculate_bridge_id chooses.</summary>
    public MacAddress MacOf(string bridge)
    {
        var least = BridgePort.VifMac;
        foreach (var device in Devices)
        {
            if (device.Bridge == bridge && device.Mac.CompareTo(least) < 0)
            {
                least = device.Mac;
            }
        }

        return least;
    }
}
