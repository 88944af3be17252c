using XenActors.Simulation;

namespace XenActors.Hypervisor.Domains;

/// <summary>From the device model: the level of an ISA interrupt line (XEN_DMOP_set_isa_irq_level).</summary>
[Codec]
public readonly partial record struct SetIsaIrqLevel(byte Irq, bool Level);

/// <summary>From a driver of this domain's kernel: it handles this line from now on (<c>request_irq</c>; the IO-APIC's entry is unmasked).</summary>
[Codec]
public readonly partial record struct RequestIrq(byte Irq);

/// <summary>To the driver: an edge came, and a vCPU has taken the interrupt.</summary>
[Codec]
public readonly partial record struct InterruptRaised(byte Irq);

/// <summary>From the driver, when its handler is done: the local APIC's EOI, a vCPU exit of its own. The next edge waits for it.</summary>
[Codec]
public readonly partial record struct EndOfInterrupt(byte Irq);
