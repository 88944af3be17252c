using XenActors.Simulation;

namespace XenActors.Xenbus;

/// <summary>From a driver to its bus: this device's probe is over, one way or the other.</summary>
[Codec]
public readonly partial record struct DeviceProbed(string Node, bool Connected);

/// <summary>The bus waits no longer for devices that do not answer.</summary>
[Codec]
public readonly partial record struct DeviceTimeout(int Round);

/// <summary>From the bus to a driver: the domain has been suspended and runs again, perhaps elsewhere; its backends know nothing of it.</summary>
[Codec]
public readonly partial record struct DeviceResumed;
