using XenActors.Simulation;

namespace XenActors.DeviceModel;

/// <summary>To the toolstack: QEMU has ended before it ran; its own words.</summary>
[Codec]
public readonly partial record struct DeviceModelFailed(string Message);

/// <summary>Within QEMU: the legacy backends stand and <c>state</c> says running; the xenbus devices come next.</summary>
[Codec]
public readonly partial record struct QemuBackendsUp;

/// <summary>Within QEMU: the process has loaded and begins to work.</summary>
[Codec]
public readonly partial record struct QemuStarted;
