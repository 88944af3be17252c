using XenActors.Guest;
using XenActors.Hypervisor;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>
/// To the toolstack: <c>xl create</c> with a file's text. The domain number and the UUID are given from outside, since each domain's
/// process exists before the run. An empty command line override leaves the file's.
/// </summary>
[Codec]
public sealed partial record CreateGuest(
    string ConfigText, string FileName, ushort Domain, string Uuid, KernelProfile Kernel, string CommandLineOverride, bool Paused);

/// <summary>To the requester: the domain stands (paused, if that was asked), or xl's words for why not, with nothing left behind.</summary>
[Codec]
public readonly partial record struct GuestCreated(ushort Domain, bool Ok, string Message);

/// <summary>From an xl process to the toolstack, whatever the outcome.</summary>
[Codec]
public readonly partial record struct CreationEnded(ushort Domain, string Name, string Uuid, bool Ok);

/// <summary>To the toolstack: <c>xl cd-insert</c>, or <c>xl cd-eject</c> when the path is empty.</summary>
[Codec]
public sealed partial record ChangeCd(ushort Domain, string Vdev, string Path);

/// <summary>To the requester: the medium is changed, or xl's words for why not.</summary>
[Codec]
public readonly partial record struct CdChanged(ushort Domain, string Vdev, bool Ok, string Message);

/// <summary>Within the toolstack: the guest's own process changes the medium.</summary>
[Codec]
public readonly partial record struct CdOrder(ActorRef Requester, ChangeCd Change);

/// <summary>Within the toolstack: the drive of this place among the guest's disks has another medium.</summary>
[Codec]
public readonly partial record struct CdPlaced(int Index, DiskPlan Disk);

/// <summary>From dom0's own initialisation: the store holds what a host without guests has.</summary>
[Codec]
public readonly partial record struct Dom0Ready;

/// <summary>QEMU has answered its two questions.</summary>
[Codec]
public readonly partial record struct QmpAnswered;

/// <summary>A step has taken longer than it may.</summary>
[Codec]
public readonly partial record struct StepTimeout(int Step);

/// <summary>Where dom0's userland finds the rest of the host.</summary>
[Codec]
public sealed partial record Dom0Peers
{
    public required ActorRef Xenstored { get; init; }

    /// <summary>The bridge that hears of ports; <see cref="ActorRef.None"/> where there is none.</summary>
    public required ActorRef Bridge { get; init; }

    /// <summary>The disk actor that QEMU reads its images from.</summary>
    public required ActorRef Disks { get; init; }

    public required DomainPlaces Places { get; init; }
}
