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

    /// <summary>Commands for this guest that are under way: who waits, by the removal's process.</summary>
    public SortedDictionary<int, XlCommand> Orders { get; private set; } = [];

    /// <summary>How many processes were started for commands.</summary>
    public int Commands { get; set; }

    /// <summary>The hypervisor is being asked how the domain is.</summary>
    public bool Asking { get; set; }

    /// <summary>Something ended while it was being asked.</summary>
    public bool AskAgain { get; set; }

    /// <summary>What the daemon is doing about the domain's end.</summary>
    public Xl.ShutdownAction Action { get; set; }

    /// <summary>Commands that wait for a restore's end, or for xend's lock.</summary>
    public List<XlCommand> Held { get; set; } = [];

    public List<CdOrder> HeldCds { get; set; } = [];

    /// <summary>The suspend that waits for its guest's devices; null when there is none.</summary>
    public XlCommand? Resuming { get; set; }

    /// <summary>That the domain has suspended has been told.</summary>
    public bool SuspendTold { get; set; }

    /// <summary>The daemon's log (<c>/var/log/xen/xl-NAME.log</c>).</summary>
    public List<string> Log { get; private set; } = [];

    /// <summary>xl's lines about what went wrong.</summary>
    public List<string> Errors { get; private set; } = [];

    /// <summary>The domain was made, and its configuration kept beside it (userdata "libxl-json"): only then can a device be added to it.</summary>
    public bool Configured { get; set; }

    /// <summary>Somebody killed the process that made the domain.</summary>
    public bool Killed { get; set; }

    /// <summary>The domain was destroyed while its devices were being made anew, or while other commands were at work on it.</summary>
    public bool Gone { get; set; }

    /// <summary>The process has ended; what stands for the domain stays until its other commands have.</summary>
    public bool Leaving { get; set; }

    /// <summary>Commands for this guest that are at work.</summary>
    public int Shells { get; set; }

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

    /// <summary>xl's daemon: the domain stands, and its end is waited for.</summary>
    Living,

    /// <summary>The daemon carries out what the configuration says about the domain's end.</summary>
    Acting,

    /// <summary>There is no xl any more: what becomes of the domain, nobody hears.</summary>
    Killed,
}
