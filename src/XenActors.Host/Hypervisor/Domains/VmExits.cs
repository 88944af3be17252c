using XenActors.Simulation;

namespace XenActors.Hypervisor.Domains;

/// <summary>Why a vCPU left the guest.</summary>
public enum ExitKind : byte
{
    Cpuid,
    Hypercall,

    /// <summary>An <c>in</c> that the device model answers.</summary>
    PortRead,

    /// <summary>An <c>out</c> to the device model.</summary>
    PortWrite,

    /// <summary><c>rep ins</c>, one exit for its many words.</summary>
    PortReadString,

    PortWriteString,
    PciConfig,

    /// <summary>The local APIC's EOI register.</summary>
    EndOfInterrupt,

    /// <summary>An interrupt for the guest: its pCPU was told of it, and comes back with it injected.</summary>
    Interrupt,

    /// <summary>A register of an interrupt controller, on behalf of an upcall that came through a line or the local APIC.</summary>
    InterruptController,
}

/// <summary>How often this domain's vCPUs left the guest, by reason.</summary>
[Codec]
public sealed partial class VmExits
{
    public SortedDictionary<ExitKind, long> ByKind { get; private set; } = [];

    public long this[ExitKind kind] => ByKind.GetValueOrDefault(kind);

    /// <summary>Exits that the device model had to answer.</summary>
    public long Ioreqs => this[ExitKind.PortRead] + this[ExitKind.PortWrite] + this[ExitKind.PortReadString] + this[ExitKind.PortWriteString]
        + this[ExitKind.PciConfig];

    public void Count(ExitKind kind) => ByKind[kind] = this[kind] + 1;
}
