using XenActors.Machine.Disks;
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

/// <summary>To QEMU: its watch on <c>backend/qdisk</c> has named a disk that it does not serve yet.</summary>
[Codec]
public sealed partial record QemuDiskAdded(Toolstack.Libxl.DiskPlan Disk);

/// <summary>To QEMU: SIGHUP. It takes its disks' directories away and ends.</summary>
[Codec]
public readonly partial record struct QemuHangup;

/// <summary>Within QEMU: what it served in the store is gone.</summary>
[Codec]
public readonly partial record struct QemuDevicesGone;

/// <summary>QMP <c>eject</c>: the drive of this virtual device (<c>ide-5632</c> for hdc) opens its tray and loses its medium.</summary>
[Codec]
public readonly partial record struct QmpEject(uint Device, bool Force);

/// <summary>QMP <c>blockdev-change-medium</c>: another image into the drive.</summary>
[Codec]
public readonly partial record struct QmpChangeMedium(uint Device, VolumeId Volume, ulong Sectors);

/// <summary>QMP's answer: empty, or QEMU's words for the error.</summary>
[Codec]
public readonly partial record struct QmpReply(string Error);
