using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Machine.Network;

/// <summary>A port of a switch, and who is at the other end of its wire.</summary>
[Codec]
public sealed partial class SwitchPort
{
    /// <summary>The host's name.</summary>
    public required string Host { get; set; }

    /// <summary>The bridges of the host's dom0, of which one has the card.</summary>
    public required ActorRef Card { get; set; }

    /// <summary>When the frames that are waiting will have gone.</summary>
    public VirtualTime FreeAt { get; set; }

    public long Received { get; set; }

    public long Sent { get; set; }

    /// <summary>Frames that its buffer could not hold.</summary>
    public long Dropped { get; set; }
}

/// <summary>Behind which port an address was seen, and when.</summary>
[Codec]
public readonly partial record struct SwitchEntry(int Port, VirtualTime Seen);

[Codec]
public sealed partial class SwitchState
{
    public required NetworkPlan Plan { get; set; }

    public List<SwitchPort> Ports { get; set; } = [];

    public SortedDictionary<MacAddress, SwitchEntry> Learned { get; set; } = [];

    /// <summary>-1 for a stranger.</summary>
    public int PortOf(ActorRef card)
    {
        for (var port = 0; port < Ports.Count; port++)
        {
            if (Ports[port].Card == card)
            {
                return port;
            }
        }

        return -1;
    }
}
