using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Bridge;

/// <summary>From netback to its domain's bridges: the network device of a vif exists.</summary>
[Codec]
public readonly partial record struct VifCreated(string Name);

/// <summary>From netback: the vif's carrier is on or off.</summary>
[Codec]
public readonly partial record struct VifCarrier(string Name, bool On);
