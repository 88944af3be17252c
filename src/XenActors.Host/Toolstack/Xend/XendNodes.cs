using XenActors.Hypervisor.Domains;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;

namespace XenActors.Toolstack.Xend;

/// <summary>
/// The nodes of xend in Xen 4.1 (tools/python/xen/xend/XendDomainInfo.py and server/*if.py): no /libxl, no feature nodes that came
/// later, and devices whose keys are xend's.
/// </summary>
internal static class XendNodes
{
    public static StoreBatch Make(GuestPlan plan)
    {
        var id = plan.Domain;
        var (dom, vm) = ($"/local/domain/{id}", $"/vm/{plan.Spec.Uuid}");
        var readable = $"n0 r{id}";
        var batch = new StoreBatch().Begin().Rm(dom).Mkdir(dom).SetPerms(dom, readable).Rm(vm).Mkdir(vm).SetPerms(vm, readable);
        batch.Write($"{dom}/vm", vm).Write($"{dom}/device", "", readable).Write($"{dom}/control", "", readable);
        batch.Write($"{dom}/control/shutdown", "", $"n{id}").Write($"{dom}/control/sysrq", "", $"n{id}");
        batch.Write($"{dom}/control/platform-feature-multiprocessor-suspend", "1");
        foreach (var key in (ReadOnlySpan<string>)["error", "drivers", "data", "attr", "messages"])
        {
            batch.Write($"{dom}/{key}", "", $"n{id}");
        }

        batch.Write($"{vm}/uuid", plan.Spec.Uuid).Write($"{vm}/name", plan.Spec.Name).Write($"{vm}/image/ostype", plan.IsHvm ? "hvm" : "linux");
        return batch.Write($"{dom}/name", plan.Spec.Name).End();
    }

    public static StoreBatch Describe(GuestPlan plan, in DomainBuilt built, VirtualTime now)
    {
        var (dom, vm) = ($"/local/domain/{plan.Domain}", $"/vm/{plan.Spec.Uuid}");
        var batch = new StoreBatch().Begin();
        batch.Write($"{dom}/memory/target", $"{plan.MaxKb}").Write($"{dom}/domid", $"{plan.Domain}");
        for (var cpu = 0; cpu < plan.Spec.Vcpus; cpu++)
        {
            batch.Write($"{dom}/cpu/{cpu}/availability", cpu < plan.VcpusOnline ? "online" : "offline");
        }

        batch.Write($"{dom}/store/port", $"{built.StorePort}").Write($"{dom}/store/ring-ref", $"{built.StoreGfn}");
        batch.Write($"{dom}/console/port", $"{built.ConsolePort}").Write($"{dom}/console/ring-ref", $"{built.ConsoleGfn}");
        batch.Write($"{dom}/console/limit", "1048576").Write($"{dom}/console/type", plan.IsHvm ? "ioemu" : "xenconsoled");
        batch.Write($"{vm}/start_time", DomainNodes.StartTime(now)).End();
        return batch.Add(StoreOpKind.Introduce, $"{plan.Domain}", $"{plan.Domain} {built.StoreGfn} {built.StorePort}");
    }

    public static StoreBatch Unmake(GuestPlan plan) => new StoreBatch().Rm($"/vm/{plan.Spec.Uuid}").Rm($"/local/domain/{plan.Domain}");

    public static DeviceTree Disk(GuestPlan plan, DiskPlan disk) =>
        Tree(plan, "vbd", disk.Number).Front("virtual-device", $"{disk.Number}").Front("device-type", disk.DeviceType)
            .Front("protocol", "x86_64-abi").Front("backend-id", "0").Front("state", "1")
            .Back("domain", plan.Spec.Name).Back("uuid", plan.Spec.Uuid).Back("bootable", "1").Back("dev", disk.Vdev).Back("state", "1")
            .Back("params", disk.Params).Back("mode", disk.Writable ? "w" : "r").Back("online", "1").Back("frontend-id", $"{plan.Domain}")
            .Back("type", disk.Type);

    // With type=ioemu xend takes the interface for the emulated card's alone: the frontend has no MAC.
    public static DeviceTree Nic(GuestPlan plan, NicPlan nic)
    {
        var tree = Tree(plan, "vif", nic.Devid).Front("handle", $"{nic.Devid}");
        if (!nic.IoemuAsked)
        {
            tree.Front("mac", nic.Mac);
        }

        return tree.Front("protocol", "x86_64-abi").Front("backend-id", "0").Front("state", "1")
            .Back("bridge", nic.Bridge).Back("domain", plan.Spec.Name).Back("handle", $"{nic.Devid}").Back("uuid", plan.Spec.Uuid)
            .Back("script", nic.Script).BackIf("vifname", nic.VifName).BackIf("ip", nic.Ip).BackIf("rate", nic.Rate)
            .Back("state", "1").Back("mac", nic.Mac).Back("online", "1").Back("frontend-id", $"{plan.Domain}")
            .BackIf("type", nic.IoemuAsked ? "ioemu" : "");
    }

    public static DeviceTree Framebuffer(GuestPlan plan, int devid) =>
        Tree(plan, "vfb", devid).Front("protocol", "x86_64-abi").Front("backend-id", "0").Front("state", "1")
            .Back("domain", plan.Spec.Name).Back("uuid", plan.Spec.Uuid).Back("vnc", "1").Back("state", "1")
            .Back("vnclisten", plan.IsHvm ? plan.VncListen : plan.Framebuffers[devid].VncListen).Back("online", "1")
            .Back("frontend-id", $"{plan.Domain}");

    public static DeviceTree Console(GuestPlan plan) =>
        Tree(plan, "console", 0).Front("protocol", "x86_64-abi").Front("backend-id", "0").Front("state", "1")
            .Back("domain", plan.Spec.Name).Back("protocol", "vt100").Back("uuid", plan.Spec.Uuid).Back("location", "2").Back("state", "1")
            .Back("online", "1").Back("frontend-id", $"{plan.Domain}");

    private static DeviceTree Tree(GuestPlan plan, string type, long devid) => new(plan.Domain, type, type, devid) { PrivatePath = null };
}
