using System.Globalization;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Xl;

namespace XenActors.Toolstack.Libxl;

/// <summary>libxl__device_nic_setdefault.</summary>
internal static class NicPlanner
{
    private const int MtuDefault = 1500;

    public static NicPlan Plan(VifSpec nic, int place, bool hvm, HostProfile host, ref RandomStream random) => new()
    {
        Devid = nic.Devid is { } given ? (int)given : place,
        Mac = (nic.Mac.Bits == 0 ? Draw(ref random) : nic.Mac).ToString(),
        Bridge = nic.Bridge ?? host.Bridge,
        Script = Absolute(nic.Script ?? "vif-bridge", host),
        Model = nic.Model ?? "rtl8139",
        Emulated = hvm && nic.Type != NicType.Vif,
        IoemuAsked = nic.Type == NicType.VifIoemu,
        VifName = nic.IfName ?? "",
        Ip = nic.Ip ?? "",
        GatewayDev = nic.GatewayDev ?? "",
        Rate = nic.Rate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"{rate.BytesPerInterval},{rate.IntervalUsecs}")
            : "",
        Mtu = nic.Mtu is { } mtu ? (int)Math.Min(mtu, int.MaxValue) : MtuDefault,
        Vlan = nic.Vlan ?? "",
        Trusted = nic.Trusted ?? true,
    };

    private static string Absolute(string script, HostProfile host) => script.StartsWith('/') ? script : $"{host.ScriptsDir}/{script}";

    // 00:16:3e is Xen's own; the fourth octet's high bit is left to others.
    private static MacAddress Draw(ref RandomStream random)
    {
        var bits = random.NextBits();
        return new MacAddress(0x00163e000000UL | (bits & 0x7fffff));
    }
}
