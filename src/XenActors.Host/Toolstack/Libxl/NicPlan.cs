using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>A network interface as it goes to the store.</summary>
[Codec]
public sealed partial record NicPlan
{
    public required int Devid { get; init; }

    public required string Mac { get; init; }

    public required string Bridge { get; init; }

    public required string Script { get; init; }

    public required string Model { get; init; }

    /// <summary>An emulated card stands beside the vif.</summary>
    public required bool Emulated { get; init; }

    /// <summary>The file said <c>type=ioemu</c>: xend then leaves the frontend without its MAC.</summary>
    public required bool IoemuAsked { get; init; }

    public required string VifName { get; init; }

    public required string Ip { get; init; }

    public required string GatewayDev { get; init; }

    /// <summary>As <c>20000,20000</c>; empty for none.</summary>
    public required string Rate { get; init; }

    public required int Mtu { get; init; }

    public required string Vlan { get; init; }

    public required bool Trusted { get; init; }

    public string Vif(ushort domain) => VifName.Length > 0 ? VifName : $"vif{domain}.{Devid}";

    public string Tap(ushort domain) => Vif(domain) + "-emu";
}
