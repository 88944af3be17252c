using XenActors.DeviceModel;
using XenActors.Machine.Disks;

namespace XenActors.Toolstack.Libxl;

// xl cd-insert and cd-eject for the guest of this process.
public sealed partial class CreateActor
{
    public void On(in CdOrder m)
    {
        if (IsBeingRestored)
        {
            State.HeldCds.Add(m);
            return;
        }

        var (change, plan) = (m.Change, State.Plan!);
        var index = plan.Disks.FindIndex(d => d.Cdrom && d.Vdev == change.Vdev);
        var volume = change.Path.Length > 0 ? Context.Port<IVolumes>().Find(change.Path) : null;
        var refusal = change.Path.Length > 0 && volume is null ? $"Cannot stat file: {change.Path}"
            : !plan.IsHvm ? "cdrom-insert requires an HVM domain"
            : index < 0 ? "Virtual device not found"
            : State.Host!.DeviceModel.Kind == QemuBackendNodes.Traditional ? "cdrom-insert is not modelled for qemu_xen_traditional"
            : "";
        if (refusal.Length > 0)
        {
            Context.Tell(m.Requester, new CdChanged(change.Domain, change.Vdev, false, refusal));
            return;
        }

        var disk = plan.Disks[index] with
        {
            Path = change.Path,
            Params = change.Path.Length > 0 ? $"aio:{change.Path}" : "",
            Volume = volume?.Id ?? VolumeId.None,
            Sectors = volume?.Sectors ?? 0,
            Present = true,
        };
        Await(Context.Spawn<CdActor, CdState>($"xl-cd-{++State.CdOrders}", new()
        {
            Requester = m.Requester,
            Domain = change.Domain,
            Index = index,
            Disk = disk,
            DeviceModel = State.DeviceModel,
            Xs = new() { Server = State.Peers!.Xenstored },
        }));
    }

    public void On(in CdPlaced m) => State.Plan!.Disks[m.Index] = m.Disk;
}
