using XenActors.Guest.Net;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Bridge;
using XenActors.Toolstack.Hotplug;

namespace XenActors.Tests.SplitDrivers;

/// <summary>Frames on a bench's bridge: a station in dom0 behind it, and how frames look.</summary>
internal sealed class NetTraffic
{
    public const string Bridge = "xenbr0";

    public static readonly MacAddress Guest = new(0x0016_3e01_0203);

    public static readonly MacAddress Station = new(0x0016_3eff_0001);

    private readonly DeviceBench bench;

    public NetTraffic(DeviceBench bench, string vif = "vif29.0")
    {
        this.bench = bench;
        Program = bench.NewPeer(0, "program");
        Program.Tell(bench.Bridges, new OpenBridgeSocket(Bridge, EthernetHeader.Experimental));
        bench.Operator.Tell(bench.Bridges, new BridgePortAdded(Bridge, vif));
    }

    /// <summary>In dom0, with a socket on the bridge.</summary>
    public Peer Program { get; }

    public BridgeState State => bench.Simulator.StateOf<BridgeState>(bench.Bridges)!;

    public List<byte[]> Arrived => [.. Program.All<FrameReceived>().Select(f => f.Frame.Bytes.ToArray())];

    public static byte[] Frame(int length, MacAddress to, MacAddress from, int seed = 0, ushort type = EthernetHeader.Experimental)
    {
        var bytes = new byte[length];
        for (var i = EthernetHeader.SizeOf; i < length; i++)
        {
            bytes[i] = (byte)(((i * 31) + seed + (i >> 8)) & 0xFF);
        }

        EthernetHeader.Write(bytes, to, from, type);
        return bytes;
    }

    public void ToGuest(byte[] bytes) => Program.Tell(bench.Bridges, new SendOnBridge(Bridge, new NetFrame(bytes)));
}
