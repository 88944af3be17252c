using XenActors.Simulation;

namespace XenActors.Hypervisor.Domains;

/// <summary>One ISA interrupt line with its way through IO-APIC and local APIC: edge-triggered, and one at a time in service.</summary>
[Codec]
public sealed partial class IsaInterrupt
{
    public ActorRef Handler { get; set; }

    public bool Level { get; private set; }

    /// <summary>An edge that nobody has taken yet.</summary>
    public bool Pending { get; private set; }

    /// <summary>Taken, and not yet ended.</summary>
    public bool InService { get; private set; }

    /// <summary>How often a vCPU took it.</summary>
    public long Delivered { get; private set; }

    public void Set(bool level)
    {
        Pending |= level && !Level;
        Level = level;
    }

    public void End() => InService = false;

    /// <summary>True when a vCPU takes the interrupt now.</summary>
    public bool Take()
    {
        if (!Pending || InService || Handler.IsNone)
        {
            return false;
        }

        (Pending, InService) = (false, true);
        Delivered++;
        return true;
    }
}
