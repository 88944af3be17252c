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
