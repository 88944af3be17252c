using XenActors.Hypervisor.Domains;

namespace XenActors.Toolstack.Libxl;

/// <summary>libxl's keys for each kind of device, in libxl's order.</summary>
internal static class DeviceTrees
{
    public static DeviceTree Disk(GuestPlan plan, DiskPlan disk)
    {
        var tree = new DeviceTree(plan.Domain, "vbd", disk.Kind, disk.Number)
            .Front("backend-id", "0").Front("state", "1").Front("virtual-device", $"{disk.Number}")
            .Front("device-type", disk.DeviceType).Front("trusted", disk.Trusted ? "1" : "0");
        if (!plan.IsHvm)
        {
            tree.Front("protocol", "x86_64-abi");
        }

        tree.Back("params", disk.Params).BackIf("script", disk.Script)
            .Back("frontend-id", $"{plan.Domain}").Back("online", "1").Back("removable", disk.Removable ? "1" : "0").Back("bootable", "1")
            .Back("state", "1").Back("dev", disk.Vdev).Back("type", disk.Type).Back("mode", disk.Writable ? "w" : "r")
            .Back("device-type", disk.DeviceType);
        return tree.BackIf("direct-io-safe", disk.DirectIoSafe ? "1" : "")
            .Back("discard-enable", disk.Discard ? "1" : "0").Back("specification", "xen");
    }

    public static DeviceTree Nic(GuestPlan plan, NicPlan nic)
    {
        var tree = new DeviceTree(plan.Domain, "vif", "vif", nic.Devid)
            .Front("backend-id", "0").Front("state", "1").Front("handle", $"{nic.Devid}").Front("mac", nic.Mac)
            .Front("trusted", nic.Trusted ? "1" : "0").FrontReadOnly("mtu", $"{nic.Mtu}");
        if (!plan.IsHvm)
        {
            tree.Front("protocol", "x86_64-abi");
        }

        return tree.Back("frontend-id", $"{plan.Domain}").Back("online", "1").Back("state", "1").Back("script", nic.Script)
            .BackIf("vifname", nic.VifName).Back("mac", nic.Mac).BackIf("ip", nic.Ip).BackIf("gatewaydev", nic.GatewayDev)
            .BackIf("rate", nic.Rate).BackIf("mtu", nic.Mtu == 1500 ? "" : $"{nic.Mtu}").BackIf("vlan", nic.Vlan)
            .Back("bridge", nic.Bridge).Back("handle", $"{nic.Devid}").Back("type", nic.Emulated ? "vif_ioemu" : "vif")
            .Back("hotplug-status", ""); // Empty rather than absent: the backend waits for the script.
    }

    public static DeviceTree Console(GuestPlan plan, in DomainBuilt built) =>
        new DeviceTree(plan.Domain, "console", "console", 0) { FrontPath = $"/local/domain/{plan.Domain}/console", FrontIsReadOnly = true }
            .FrontOwned("backend-id", "0").Front("limit", "1048576").Front("type", "xenconsoled").Front("output", "pty").Front("tty", "")
            .Front("port", $"{built.ConsolePort}").Front("ring-ref", $"{built.ConsoleGfn}")
            .Back("frontend-id", $"{plan.Domain}").Back("online", "1").Back("state", "1").Back("protocol", "vt100");

    public static DeviceTree Keyboard(GuestPlan plan, int devid) =>
        Protocol(plan, new DeviceTree(plan.Domain, "vkbd", "vkbd", devid).Front("backend-id", "0").Front("state", "1"))
            .Back("frontend-id", $"{plan.Domain}").Back("online", "1").Back("state", "1");

    public static DeviceTree Framebuffer(GuestPlan plan, int devid)
    {
        var vfb = plan.Framebuffers[devid];
        var tree = Protocol(plan, new DeviceTree(plan.Domain, "vfb", "vfb", devid).Front("backend-id", "0").Front("state", "1"));
        return tree.Back("frontend-id", $"{plan.Domain}").Back("online", "1").Back("state", "1").Back("vnc", "1")
            .Back("vnclisten", vfb.VncListen).Back("vncdisplay", $"{vfb.VncDisplay}").Back("vncunused", vfb.VncUnused ? "1" : "0")
            .Back("sdl", "0");
    }

    private static DeviceTree Protocol(GuestPlan plan, DeviceTree tree) => plan.IsHvm ? tree : tree.Front("protocol", "x86_64-abi");
}
