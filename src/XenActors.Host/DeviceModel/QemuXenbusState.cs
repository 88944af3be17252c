using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.DeviceModel;

/// <summary>QEMU's xenbus devices (hw/xen/xen-bus.c): the disks that it serves itself, on a connection of their own.</summary>
[Codec]
public sealed partial class QemuXenbusState
{
    public XenstoreClient Xs { get; set; } = new();

    public GuestPlan? Plan { get; set; }

    public HostProfile? Host { get; set; }

    public Dom0Peers? Peers { get; set; }

    public StoreBatch Batch { get; set; } = new();

    /// <summary>Nothing is under way in the store.</summary>
    public bool Idle { get; set; }

    /// <summary>QEMU has been told to end.</summary>
    public bool HangupPending { get; set; }

    /// <summary>The disks' directories are being removed.</summary>
    public bool Ending { get; set; }

    /// <summary>Disks that were attached since, and wait for their turn.</summary>
    public List<DiskPlan> Added { get; private set; } = [];

    /// <summary>Who serves them.</summary>
    public List<ActorRef> Served { get; private set; } = [];

    /// <summary>The disks that QEMU serves, in the order of the configuration.</summary>
    public List<DiskPlan> Disks { get; private set; } = [];

    public static QemuXenbusState Create(GuestPlan plan, HostProfile host, Dom0Peers peers)
    {
        var state = new QemuXenbusState { Xs = new() { Server = peers.Xenstored }, Plan = plan, Host = host, Peers = peers };
        if (host.DeviceModel.Kind != QemuBackendNodes.Traditional)
        {
            foreach (var disk in plan.Disks)
            {
                if (disk.Backend == DiskBackendKind.Qdisk && disk.Path.Length > 0)
                {
                    state.Disks.Add(disk);
                    QemuDiskNodes.Add(state.Batch, plan, disk);
                }
            }
        }

        return state;
    }
}
