using XenActors.Guest.Net;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Bridge;

/// <summary>Where an address was seen last.</summary>
[Codec]
public readonly partial record struct BridgeEntry(string Port, VirtualTime Seen);

/// <summary>One bridge: which address is behind which port, and its own domain's programs. Source: Linux' <c>net/bridge</c>.</summary>
[Codec]
public sealed partial class BridgeTable
{
    /// <summary>Linux keeps any number; a guest that sends from all addresses there are is not to fill this program's memory.</summary>
    public const int LearnedMax = 1 << 16;

    /// <summary>BR_DEFAULT_AGEING_TIME.</summary>
    public static readonly VirtualDuration Ageing = VirtualDuration.FromSeconds(300);

    public SortedDictionary<MacAddress, BridgeEntry> Learned { get; set; } = [];

    public PacketSockets Sockets { get; set; } = new();

    /// <summary>Frames that went to every port, as nobody knew where to.</summary>
    public long Flooded { get; set; }

    public void Learn(MacAddress source, string port, VirtualTime now)
    {
        if (!source.IsGroup && (Learned.Count < LearnedMax || Learned.ContainsKey(source)))
        {
            Learned[source] = new(port, now);
        }
    }

    /// <summary>The port behind which an address is; null when it is not known, or was seen too long ago.</summary>
    public string? Find(MacAddress destination, VirtualTime now)
    {
        if (!Learned.TryGetValue(destination, out var entry))
        {
            return null;
        }

        if (now - entry.Seen <= Ageing)
        {
            return entry.Port;
        }

        Learned.Remove(destination);
        return null;
    }

    /// <summary>What was behind a port is nowhere now.</summary>
    public void Forget(string port)
    {
        var gone = new List<MacAddress>();
        foreach (var (address, entry) in Learned)
        {
            if (entry.Port == port)
            {
                gone.Add(address);
            }
        }

        foreach (var address in gone)
        {
            Learned.Remove(address);
        }
    }
}
