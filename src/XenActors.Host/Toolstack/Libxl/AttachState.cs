using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

public enum AttachStep : byte
{
    /// <summary>Whether there is such a device already; for a NIC, which number is free.</summary>
    Looking,

    /// <summary>Its directories are written, and the backend's state is watched.</summary>
    Writing,
    Reading,
    Waiting,

    /// <summary>The backend waits for its frontend: the script runs.</summary>
    Script,
    Ended,
}

/// <summary>One <c>xl block-attach</c> or <c>xl network-attach</c>.</summary>
[Codec]
public sealed partial class AttachState
{
    public required XlCommand Order { get; set; }

    public required GuestPlan Plan { get; set; }

    public required HostProfile Host { get; set; }

    public required Dom0Peers Peers { get; set; }

    public required XenstoreClient Xs { get; set; }

    /// <summary>Null when a NIC is attached.</summary>
    public DiskPlan? Disk { get; set; }

    public NicPlan? Nic { get; set; }

    /// <summary>QEMU, which serves qdisks; nobody where there is none.</summary>
    public ActorRef DeviceModel { get; set; }

    /// <summary>The number that <c>losetup -f</c> would find.</summary>
    public int Loop { get; set; }

    public StoreBatch Batch { get; set; } = new();

    public AttachStep Step { get; set; }

    public bool ReadAgain { get; set; }

    public TimerId Timer { get; set; }
}
