using XenActors.Guest.Block;
using XenActors.Guest.Boot;
using XenActors.Guest.Net;
using XenActors.Hypervisor.Domains;

namespace XenActors.Guest;

/// <summary>What decides which drivers a guest ended up with.</summary>
public sealed record DriverFacts
{
    public required bool Hvm { get; init; }

    public required bool OnXen { get; init; }

    public required bool NoPv { get; init; }

    /// <summary>The host's, whether the kernel asked for it or not.</summary>
    public required int XenMajor { get; init; }

    /// <summary>The platform PCI device is on the bus.</summary>
    public required bool PlatformDevice { get; init; }

    /// <summary>Its driver has bound to it.</summary>
    public required bool PlatformDriver { get; init; }

    public required bool XenbusStarted { get; init; }

    public required bool GrantTable { get; init; }

    public required UnplugRefusal Refusal { get; init; }

    /// <summary>What the user gave to <c>xen_emul_unplug</c>; empty when nothing.</summary>
    public required string UnplugGiven { get; init; }

    /// <summary>What became of each driver; one that is not listed was never loaded.</summary>
    public required IReadOnlyList<ModuleRecord> Modules { get; init; }

    /// <summary>Device nodes that the bus listed, as <c>device/vbd/768</c>.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>The bus has listed them, so that one that is missing is not there.</summary>
    public required bool NodesListed { get; init; }

    /// <summary>As <c>xvda3</c>; null when none was found.</summary>
    public required string? RootDevice { get; init; }

    public required IReadOnlyList<GuestDisk> Disks { get; init; }

    public required IReadOnlyList<GuestNic> Nics { get; init; }

    public static DriverFacts Of(GuestKernelState state)
    {
        var facts = state.Facts;
        return new()
        {
            Hvm = state.Spec.Type != DomainType.Pv,
            OnXen = facts.OnXen,
            NoPv = facts.NoPv,
            XenMajor = state.Spec.XenMajor,
            PlatformDevice = facts.Pci.Exists(f => f.IsPlatformDevice),
            PlatformDriver = facts.PlatformDriver,
            XenbusStarted = facts.XenbusStarted,
            GrantTable = facts.GrantTable,
            Refusal = facts.Refusal,
            UnplugGiven = string.Join(',', CommandLine.Values(state.Spec.CommandLine, "xen_emul_unplug")),
            Modules = [.. state.Drivers],
            Nodes = [.. state.XenbusNodes ?? []],
            NodesListed = state.XenbusNodes is not null,
            RootDevice = state.RootDevice,
            Disks = [.. state.Disks],
            Nics = [.. state.Nics],
        };
    }

    /// <summary>The record of the first of these drivers that was loaded or refused; null when none was.</summary>
    public ModuleRecord? Module(params ReadOnlySpan<string> names)
    {
        foreach (var record in Modules)
        {
            foreach (var name in names)
            {
                if (record.Name == name)
                {
                    return record;
                }
            }
        }

        return null;
    }
}
