using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>How a vCPU learns that its upcall_pending was set.</summary>
public enum CallbackVia
{
    /// <summary>Nobody is told; the bits stay.</summary>
    None,

    /// <summary>A PV guest's registered callback, on every vCPU.</summary>
    Pv,

    /// <summary>A vector that Xen injects by itself, on every vCPU.</summary>
    Vector,

    /// <summary>A line into the interrupt controllers, as high as vCPU 0's upcall_pending; other vCPUs are never told.</summary>
    Gsi,

    /// <summary>The same, through a PCI device's INTx.</summary>
    PciIntx,
}

/// <summary>
/// The upcall's way into the guest. Sources: <c>public/hvm/params.h</c>, HVM_PARAM_CALLBACK_IRQ; <c>xen/arch/x86/hvm/irq.c</c>.
/// </summary>
[Codec]
public sealed partial class EventDelivery
{
    private const int TypeShift = 56;

    /// <summary>A domain is PV until its builder says otherwise.</summary>
    public CallbackVia Via { get; set; } = CallbackVia.Pv;

    /// <summary>The GSI, vector, or device (15:3) and pin (1:0) of a PCI interrupt.</summary>
    public uint Line { get; private set; }

    /// <summary>HVMOP_set_evtchn_upcall_vector, by vCPU; 0 is none. Such a vector goes through the local APIC, and comes first.</summary>
    public byte[] UpcallVectors { get; set; } = [];

    /// <summary>Whether setting this vCPU's upcall_pending interrupts it.</summary>
    public bool Reaches(int vcpu)
    {
        if (vcpu < UpcallVectors.Length && UpcallVectors[vcpu] != 0)
        {
            return true;
        }

        return Via switch
        {
            CallbackVia.Pv or CallbackVia.Vector => true,
            CallbackVia.Gsi or CallbackVia.PciIntx => vcpu == 0,
            _ => false,
        };
    }

    /// <summary>The upcall is injected as an interrupt: the domain is not PV.</summary>
    public bool Injects => Via != CallbackVia.Pv;

    /// <summary>
    /// Accesses to emulated interrupt controllers before the upcall's interrupt is over: none for a vector that Xen injects, which nothing acknowledges;
    /// the EOI of one that came through the local APIC; and for a line "interrupt, fasteoi handler, acknowledgement of the level at the APIC", three
    /// exits at least (Stabellini, "Linux PV on HVM", Xen Summit 2011).
    /// </summary>
    public int Acknowledgements(int vcpu) =>
        vcpu < UpcallVectors.Length && UpcallVectors[vcpu] != 0 ? 1 : Via is CallbackVia.Gsi or CallbackVia.PciIntx ? LineAcknowledgements : 0;

    private const int LineAcknowledgements = 3;

    /// <summary>HVM_PARAM_CALLBACK_IRQ: the type stands in the top byte.</summary>
    public void Set(ulong via, int gsis)
    {
        // The low half carries all that any type needs.
        var low = unchecked((uint)via);
        (Via, Line) = (HvmCallbackType)(via >> TypeShift) switch
        {
            HvmCallbackType.Gsi when (byte)low is not 0 && (byte)low < gsis => (CallbackVia.Gsi, (byte)low),
            HvmCallbackType.PciIntx => (CallbackVia.PciIntx, (low & 0xFFF8) | (low & 3)),
            HvmCallbackType.Vector => (CallbackVia.Vector, (byte)low),
            _ => (CallbackVia.None, 0u),
        };
    }
}
