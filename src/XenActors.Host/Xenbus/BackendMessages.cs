using XenActors.Simulation;

namespace XenActors.Xenbus;

/// <summary>The bus gets to a node that a watch has named.</summary>
[Codec]
public readonly partial record struct ProbeDue(string Node);

/// <summary>From the backend bus to a driver: its own or its peer's directory is gone.</summary>
[Codec]
public readonly partial record struct DeviceGone;

/// <summary>From the backend bus to a driver: its module is removed. What it has begun comes to its end, and nothing of the device is written.</summary>
[Codec]
public readonly partial record struct DriverRemoved;

/// <summary>
/// To the backend bus: the module of this device type (<c>vbd</c>, <c>vif</c>) is removed and loaded again. Every device of that type, and one whose
/// driver has died, is probed as if it were new, whatever its state node says. The module goes when all its drivers have ended what was in flight.
/// </summary>
[Codec]
public sealed partial record ReloadBackend(string Type);

/// <summary>The bus's own timer: the module is there again.</summary>
[Codec]
public sealed partial record BackendLoaded(string Type);
