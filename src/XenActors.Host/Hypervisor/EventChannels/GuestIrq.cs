using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>A port as the guest's kernel keeps it: its handler, and what it does about floods. Source: Linux, <c>drivers/xen/events</c>.</summary>
[Codec]
public partial struct GuestIrq
{
    /// <summary>None: nobody handles this port, and it stays masked.</summary>
    public ActorRef Owner { get; set; }

    public long Cookie { get; set; }

    /// <summary>From its dispatch to the owner's xen_irq_lateeoi the port stays masked.</summary>
    public bool LateEoi { get; set; }

    /// <summary>Opened by a hypercall's bytes: the answers are such bytes, too.</summary>
    public bool Raw { get; set; }

    /// <summary>Dispatched, and no xen_irq_lateeoi yet.</summary>
    public bool EoiPending { get; set; }

    /// <summary>Spurious events one after another; they delay the next unmasking.</summary>
    public byte Spurious { get; set; }
}
