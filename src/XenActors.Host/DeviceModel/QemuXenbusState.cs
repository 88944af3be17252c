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

    public StoreBatch Batch { get; set; } = new();

    public static QemuXenbusState Create(GuestPlan plan, HostProfile host, ActorRef xenstored)
    {
        var state = new QemuXenbusState { Xs = new() { Server = xenstored }, Plan = plan };
        if (host.DeviceModel.Kind != QemuBackendNodes.Traditional)
        {
            foreach (var disk in plan.Disks)
            {
                if (disk.Backend == DiskBackendKind.Qdisk && disk.Path.Length > 0)
                {
                    QemuDiskNodes.Add(state.Batch, plan, disk);
                }
            }
        }

        return state;
    }
}
