namespace XenActors.Toolstack.Xl;

/// <summary>Devices in the order of libxl's IDL; what holds its default is left out.</summary>
public static class DeviceJson
{
    /// <summary>The map that <c>xl -N block-attach</c> prints after <c>disk: </c>.</summary>
    public static string Of(DiskSpec disk)
    {
        var json = new XlJsonWriter();
        Write(json, disk);
        return json.ToString();
    }

    /// <summary>The map that <c>xl -N network-attach</c> prints after <c>vif: </c>.</summary>
    public static string Of(VifSpec nic)
    {
        var json = new XlJsonWriter();
        Write(json, nic);
        return json.ToString();
    }

    internal static void Write(XlJsonWriter json, DiskSpec disk) => json.Map(null, () =>
    {
        json.String("backend_domname", disk.BackendDomain);
        json.String("pdev_path", disk.PdevPath);
        json.String("vdev", disk.Vdev);
        json.String("backend", disk.Backend == DiskBackend.Unknown ? null : Lower(disk.Backend));
        json.String("format", Lower(disk.Format));
        json.String("script", disk.Script);
        json.Number("removable", disk.Removable ? 1 : null);
        json.Number("readwrite", disk.ReadWrite ? 1 : null);
        json.Number("is_cdrom", disk.IsCdrom ? 1 : null);
        json.True("direct_io_safe", disk.DirectIoSafe);
        json.DefBool("discard_enable", disk.Discard);
        json.String("specification", disk.Specification == DiskSpecification.Unknown ? null : Lower(disk.Specification));
        json.DefBool("colo_enable", disk.Colo);
        json.String("colo_host", disk.ColoHost);
        json.Number("colo_port", disk.ColoPort == 0 ? null : disk.ColoPort);
        json.String("colo_export", disk.ColoExport);
        json.String("active_disk", disk.ActiveDisk);
        json.String("hidden_disk", disk.HiddenDisk);
        json.DefBool("trusted", disk.Trusted);
        json.DefBool("grant_usage", disk.GrantUsage);
    });

    internal static void Write(XlJsonWriter json, VifSpec nic) => json.Map(null, () =>
    {
        json.String("backend_domname", nic.BackendDomain);
        json.Unsigned("devid", nic.Devid);
        json.Unsigned("mtu", nic.Mtu);
        json.String("model", nic.Model);
        json.String("mac", nic.Mac.Bits == 0 ? null : nic.Mac.ToString());
        json.String("ip", nic.Ip);
        json.String("bridge", nic.Bridge);
        json.String("ifname", nic.IfName);
        json.String("script", nic.Script);
        json.String("nictype", nic.Type switch { NicType.Vif => "vif", NicType.VifIoemu => "vif_ioemu", _ => null });
        json.Unsigned("rate_bytes_per_interval", nic.Rate?.BytesPerInterval);
        json.Unsigned("rate_interval_usecs", nic.Rate?.IntervalUsecs);
        json.String("gatewaydev", nic.GatewayDev);
        json.String("vlan", nic.Vlan);
        json.DefBool("trusted", nic.Trusted);
    });

    internal static void Write(XlJsonWriter json, VfbSpec vfb, int devid) => json.Map(null, () =>
    {
        json.Number("devid", devid);
        Write(json, vfb.Vnc);
        Write(json, vfb.Sdl);
        json.String("keymap", vfb.Keymap);
    });

    internal static void Write(XlJsonWriter json, VncConfig vnc) => json.Map("vnc", () =>
    {
        json.DefBool("enable", vnc.Enable);
        json.String("listen", vnc.Listen);
        json.String("passwd", vnc.Passwd);
        json.Number("display", vnc.Display == 0 ? null : vnc.Display);
        json.DefBool("findunused", vnc.FindUnused);
    });

    internal static void Write(XlJsonWriter json, SdlConfig sdl) => json.Map("sdl", () =>
    {
        json.DefBool("enable", sdl.Enable);
        json.DefBool("opengl", sdl.OpenGl);
        json.String("display", sdl.Display);
        json.String("xauthority", sdl.XAuthority);
    });

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
