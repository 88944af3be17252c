using XenActors.Simulation;

namespace XenActors.Xenbus;

/// <summary>The bus gets to a node that a watch has named.</summary>
[Codec]
public readonly partial record struct ProbeDue(string Node);

/// <summary>From the backend bus to a driver: its own or its peer's directory is gone.</summary>
[Codec]
public readonly partial record struct DeviceGone;
