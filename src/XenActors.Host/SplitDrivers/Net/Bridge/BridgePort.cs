using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Bridge;

/// <summary>A network device of this domain, on a bridge or on none.</summary>
[Codec]
public sealed partial class BridgePort
{
    /// <summary>What every vif has in its own domain: the highest address, so that no bridge takes it for its own.</summary>
    public static readonly MacAddress VifMac = new(0xFEFF_FFFF_FFFF);

    public required string Name { get; set; }

    public bool Carrier { get; set; }

    /// <summary>Who takes what goes out by this device: a netback, or for a card the switch at the other end of its wire. Nobody for a tap.</summary>
    public ActorRef Driver { get; set; }

    /// <summary>A card, with a wire.</summary>
    public bool Wired { get; set; }

    public MacAddress Mac { get; set; } = VifMac;

    /// <summary>The bridge that it is on; empty when on none.</summary>
    public string Bridge { get; set; } = "";

    /// <summary>Bytes that a frame may carry behind its header.</summary>
    public int Mtu { get; set; } = EthernetHeader.Mtu;

    /// <summary>Counters as <c>ip -s link</c> has them: received from the device, and sent to it.</summary>
    public long RxFrames { get; set; }

    public long RxBytes { get; set; }

    public long TxFrames { get; set; }

    public long TxBytes { get; set; }

    /// <summary>Too long for it, or it has no carrier.</summary>
    public long TxDropped { get; set; }

    /// <summary>is_skb_forwardable: a packet that is still to be cut may be longer.</summary>
    public bool Takes(in NetFrame frame) => frame.IsGso ? !Wired : frame.Length <= Mtu + EthernetHeader.SizeOf + EthernetHeader.VlanTag;
}
