using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenbus;

/// <summary>From the frontend bus to a driver: the machine goes down, close (xenbus_dev_shutdown).</summary>
[Codec]
public readonly partial record struct ShutDownDevice;

/// <summary>From the driver: it is closed. <see cref="Skipped"/>: it was in this state instead of Connected, and stays so.</summary>
[Codec]
public readonly partial record struct DeviceShutDown(XenbusState State, bool Skipped);

/// <summary>The bus's timer: a device has had its time to close.</summary>
[Codec]
public readonly partial record struct DeviceShutdownDue(string Node);
