using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Bridge;

/// <summary>From netback to its domain's bridges: the network device of a vif exists, and the sender drives it.</summary>
[Codec]
public readonly partial record struct VifCreated(string Name);

/// <summary>From netback: the vif's carrier is on or off.</summary>
[Codec]
public readonly partial record struct VifCarrier(string Name, bool On);

/// <summary><c>ip link set dev ... mtu N</c> for a device of this domain.</summary>
[Codec]
public readonly partial record struct SetDeviceMtu(string Name, int Mtu);

/// <summary>A program of this domain opens a packet socket on a bridge: frames of this type to the bridge's own address, or to all, are its own.</summary>
[Codec]
public readonly partial record struct OpenBridgeSocket(string Bridge, ushort EtherType);

/// <summary>A program of this domain sends a frame through a bridge.</summary>
[Codec]
public readonly partial record struct SendOnBridge(string Bridge, NetFrame Frame);
