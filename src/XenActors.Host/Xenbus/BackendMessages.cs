using XenActors.Simulation;

namespace XenActors.Xenbus;

/// <summary>From the backend bus to a driver: its own or its peer's directory is gone.</summary>
[Codec]
public readonly partial record struct DeviceGone;
