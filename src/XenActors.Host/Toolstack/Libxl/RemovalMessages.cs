using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>A device's time is up: its backend has not closed (LIBXL_DESTROY_TIMEOUT), or QEMU's grace has ended.</summary>
[Codec]
public readonly partial record struct RemovalDue(int Device);

/// <summary>From a removal to its parent: what was to go has gone, or libxl's words for why not.</summary>
[Codec]
public readonly partial record struct RemovalEnded(ushort Domain, string Device, bool Ok, string Message);
