using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Xend;

namespace XenActors.Toolstack.Libxl;

/// <summary>Which toolstack's nodes: the one place where the two flavours part.</summary>
internal static class ToolstackNodes
{
    public static StoreBatch Make(HostProfile host, GuestPlan plan, IReadOnlyList<string> names) =>
        IsXend(host) ? XendNodes.Make(plan) : DomainNodes.Make(plan, names);

    public static StoreBatch Describe(HostProfile host, GuestPlan plan, in DomainBuilt built, VirtualTime now) =>
        IsXend(host) ? XendNodes.Describe(plan, built, now) : DomainNodes.Describe(plan, built, now);

    public static StoreBatch Unmake(HostProfile host, GuestPlan plan) => IsXend(host) ? XendNodes.Unmake(plan) : DomainNodes.Unmake(plan);

    public static DeviceTree Disk(HostProfile host, GuestPlan plan, int index) =>
        IsXend(host) ? XendNodes.Disk(plan, plan.Disks[index]) : DeviceTrees.Disk(plan, plan.Disks[index]);

    public static DeviceTree Nic(HostProfile host, GuestPlan plan, int index) =>
        IsXend(host) ? XendNodes.Nic(plan, plan.Nics[index]) : DeviceTrees.Nic(plan, plan.Nics[index]);

    public static DeviceTree Console(HostProfile host, GuestPlan plan, in DomainBuilt built) =>
        IsXend(host) ? XendNodes.Console(plan) : DeviceTrees.Console(plan, built);

    public static DeviceTree Framebuffer(HostProfile host, GuestPlan plan, int index) =>
        IsXend(host) ? XendNodes.Framebuffer(plan, index) : DeviceTrees.Framebuffer(plan, index);

    public static DeviceTree Keyboard(GuestPlan plan, int index) => DeviceTrees.Keyboard(plan, index);

    private static bool IsXend(HostProfile host) => host.Toolstack == ToolstackKind.Xend;
}
