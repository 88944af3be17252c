using XenActors.Simulation;

namespace XenActors.Guest;

/// <summary>A line of a driver for the kernel's log; several lines when it holds line feeds.</summary>
[Codec]
public readonly partial record struct Printk(string Text);

/// <summary>From the kernel to its xenbus: a driver for this device type (<c>vbd</c>, <c>vif</c>, <c>vkbd</c>, ...) is there now.</summary>
/// <param name="NoGrants">The kernel has no grant table: an HVM guest whose platform device has not come.</param>
[Codec]
public readonly partial record struct DriverRegistered(string Type, bool NoGrants = false);

/// <summary>From the kernel to its xenbus: the store's ring is set up; reset watches, list <c>device/*</c>, watch it.</summary>
[Codec]
public sealed partial record StartXenbus(KernelProfile Profile, ushort Domain, ActorRef Kernel, bool Hvm, UnplugState Unplug, int Vcpus = 1);

/// <summary>From xenbus to the kernel: <c>device/*</c> has been listed for the first time (node names as <c>device/vbd/768</c>).</summary>
[Codec]
public sealed partial record XenbusDevices(List<string> Nodes);

/// <summary>From xenbus to the kernel: every device whose driver is there has answered (connected, or failed for good).</summary>
[Codec]
public readonly partial record struct XenbusSettled;

/// <summary>From a disk driver to the kernel's block layer: a whole disk. What <see cref="Driver"/> takes is <see cref="Block.BlockRequest"/>.</summary>
[Codec]
public sealed partial record DiskAppeared(string Name, int Major, int Minor, int Minors, ulong Sectors, bool ReadOnly, bool Removable, string DriverName, ActorRef Driver)
{
    public Block.DiskLimits Limits { get; init; } = Block.DiskLimits.Plain;
}

/// <summary>From a disk driver: the disk has another size now, or cannot do any more what it could.</summary>
/// <param name="Sectors">Of 512 bytes.</param>
[Codec]
public sealed partial record DiskChanged(string Name, ulong Sectors, Block.DiskLimits Limits)
{
    /// <summary>The drive holds another medium: nothing that was read before is of use.</summary>
    public bool OtherMedium { get; init; }
}

/// <summary>From a disk driver: the disk is gone.</summary>
[Codec]
public sealed partial record DiskGone(string Name);

/// <summary>From a NIC driver to the kernel: a network device; the kernel names it <c>ethN</c> in the order of arrival.</summary>
[Codec]
public sealed partial record NetdevAppeared(string DriverName, string BusInfo, string Mac, ActorRef Driver);

/// <summary>From the kernel to a network device's driver: what the device is called.</summary>
[Codec]
public readonly partial record struct NetdevNamed(string Name);

/// <summary>What the kernel has unplugged and what its command line said: Linux' <c>xen_platform_pci_unplug</c>.</summary>
[Codec]
public readonly partial record struct UnplugState(uint Value)
{
    public const uint IdeDisks = 1;
    public const uint Nics = 2;
    public const uint AuxIdeDisks = 4;
    public const uint All = 7;
    public const uint Unnecessary = 1 << 16;
    public const uint Never = 1 << 17;
}

/// <summary>From the kernel to its domain: the boot has ended, with a root file system or in the words of the one that is missing.</summary>
[Codec]
public readonly partial record struct GuestBooted(bool Ok, string Reason);

/// <summary>From xenbus to the kernel: <c>control/shutdown</c> held this, and is acknowledged.</summary>
[Codec]
public readonly partial record struct ShutdownRequested(string Command);

/// <summary>The kernel's own timer: nothing runs any more but the suspend.</summary>
[Codec]
public readonly partial record struct ProcessesFrozen;

/// <summary>From the kernel to its xenbus before a suspend: do_suspend runs in the thread that runs drivers' watches, so none of them is in the middle of one.</summary>
[Codec]
public readonly partial record struct QuietXenbus;

/// <summary>The answer: no driver waits for the store.</summary>
[Codec]
public readonly partial record struct XenbusIsQuiet;

/// <summary>The bus's own timer: it looks again whether drivers wait for the store.</summary>
[Codec]
public readonly partial record struct QuietDue;

/// <summary>From the kernel to its xenbus: the machine was suspended; what devices had with their backends is gone (xenbus_dev_resume).</summary>
[Codec]
public readonly partial record struct ResumeDevices;

/// <summary>From the kernel to its xenbus: the machine goes down; every device is closed, the last one first (device_shutdown).</summary>
[Codec]
public readonly partial record struct ShutDownDevices;

/// <summary>To the kernel: every device is closed, or its time was up.</summary>
[Codec]
public readonly partial record struct DevicesShutDown;

/// <summary>To a kernel, from outside: it meets something that it cannot survive, in its own words.</summary>
[Codec]
public sealed partial record PanicKernel(string Text);

/// <summary>From a NIC driver to the kernel: the network device is gone.</summary>
[Codec]
public readonly partial record struct NetdevGone;

/// <summary>The kernel's own timer: user space has come to its end.</summary>
[Codec]
public readonly partial record struct UserSpaceEnded;

/// <summary>The kernel's own timer: go on with the boot. A serial number from before is a wait that was answered in time.</summary>
[Codec]
public readonly partial record struct BootDue(long Serial);
