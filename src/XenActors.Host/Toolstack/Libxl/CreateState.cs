using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>One <c>xl create</c>: the process that makes a domain, and stays as its daemon.</summary>
[Codec]
public sealed partial class CreateState
{
    public CreateGuest? Request { get; set; }

    public ActorRef Requester { get; set; }

    public HostProfile? Host { get; set; }

    public Dom0Peers? Peers { get; set; }

    /// <summary>The lowest number that no living guest has: the VNC display and the pty follow from it.</summary>
    public int Slot { get; set; }

    public XenstoreClient Xs { get; set; } = new();

    public GuestPlan? Plan { get; set; }

    public List<CreateStep> Steps { get; set; } = [];

    public List<CreateStep> Done { get; private set; } = [];

    public StoreBatch Batch { get; set; } = new();

    public CreatePhase Phase { get; set; }

    public DomainBuilt Built { get; set; }

    public bool Introduced { get; set; }

    public ActorRef DeviceModel { get; set; }

    /// <summary>How often a CD was changed.</summary>
    public int CdOrders { get; set; }

    /// <summary>Where each other domain's name stands.</summary>
    public List<string> NamePaths { get; private set; } = [];

    /// <summary>Scripts that run.</summary>
    public List<ActorRef> Scripts { get; private set; } = [];

    public TimerId Timer { get; set; }

    public bool TimerRuns { get; set; }

    /// <summary>An event came while the awaited node was being read.</summary>
    public bool ReadAgain { get; set; }

    /// <summary>xl's lines about what went wrong.</summary>
    public List<string> Errors { get; private set; } = [];

    /// <summary>The step at work; only while there is one.</summary>
    public CreateStep Current => Steps[Done.Count];
}

/// <summary>What the flow waits for within a step.</summary>
public enum CreatePhase
{
    /// <summary>The step's requests to the store.</summary>
    Store,

    /// <summary>The answer to a read of the awaited node.</summary>
    Reading,

    /// <summary>A watch event on the awaited node.</summary>
    Waiting,

    /// <summary>The builder, a script.</summary>
    Elsewhere,

    /// <summary>Takes back what was done, in reverse.</summary>
    Undoing,

    /// <summary>The domain stands, or nothing of it is left.</summary>
    Ended,
}
