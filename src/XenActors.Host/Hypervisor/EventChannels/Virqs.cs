using XenActors.Abi;

namespace XenActors.Hypervisor.EventChannels;

public enum VirqScope
{
    /// <summary>Each vCPU has its own, and it cannot move.</summary>
    Vcpu,

    /// <summary>One for each domain.</summary>
    Domain,

    /// <summary>One for the whole host: the hardware domain's.</summary>
    Global,
}

/// <summary>What each virtual interrupt is. Source: <c>xen/common/event_channel.c</c>, get_virq_type.</summary>
public static class Virqs
{
    /// <summary>NR_VIRQS.</summary>
    public const int Count = 24;

    public static VirqScope Scope(uint virq) => (Virq)virq switch
    {
        Virq.Timer or Virq.Debug or Virq.Xenoprof or Virq.Xenpmu => VirqScope.Vcpu,
        Virq.Argo => VirqScope.Domain,
        _ => VirqScope.Global,
    };
}
