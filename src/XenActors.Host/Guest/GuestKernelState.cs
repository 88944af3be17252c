using XenActors.Guest.Block;
using XenActors.Guest.Boot;
using XenActors.Guest.Net;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Guest;

/// <summary>All that a guest's kernel remembers.</summary>
[Codec]
public sealed partial class GuestKernelState
{
    // printk itself takes about this long, so that two lines never carry one stamp once the clock runs.
    private const long PrintkNs = 1_500;

    public required DomainSpec Spec { get; init; }

    /// <summary>Takes hypercalls, CPUID, ports and PCI.</summary>
    public required ActorRef Domain { get; init; }

    public required ActorRef Xenbus { get; init; }

    public List<LogLine> Log { get; } = [];

    /// <summary>When the kernel's clock began to count; until then its lines carry zero.</summary>
    public VirtualTime? ClockBase { get; set; }

    /// <summary>The steps of this boot, in order.</summary>
    public List<string> Plan { get; } = [];

    public int Step { get; set; }

    /// <summary>The answers that the current step has had.</summary>
    public List<BootAnswer> Answers { get; } = [];

    public BootAskKind Awaiting { get; set; }

    /// <summary>Of the timer that is awaited; older ones are stale.</summary>
    public long Serial { get; set; }

    public BootFacts Facts { get; init; } = new();

    /// <summary>Null until the bus has listed them.</summary>
    public List<string>? XenbusNodes { get; set; }

    /// <summary>Device types with a driver.</summary>
    public List<string> Registered { get; } = [];

    /// <summary>A driver was registered and the bus has not said yet how its devices fared.</summary>
    public bool Unsettled { get; set; }

    public List<ModuleRecord> Drivers { get; } = [];

    /// <summary>How many of them there were when the current step began.</summary>
    public int DriversBefore { get; set; }

    public List<GuestDisk> Disks { get; } = [];

    /// <summary>The block layer; what users ask is in <see cref="BlockIo"/>'s file.</summary>
    public ActorRef Block { get; set; }

    /// <summary>libata's ports by channel, once its driver is loaded.</summary>
    public SortedDictionary<byte, ActorRef> AtaPorts { get; } = [];

    /// <summary>How many a suspend waits for: libata's ports, and xenbus.</summary>
    public int Freezing { get; set; }

    public List<GuestNic> Nics { get; } = [];

    /// <summary>It is on its way into a suspend, or in one.</summary>
    public bool Suspending { get; set; }

    /// <summary>How often it has come back from a suspend.</summary>
    public int Resumes { get; set; }

    /// <summary>Why it is going down; null while it is not.</summary>
    public Abi.ShutdownReason? Ending { get; set; }

    /// <summary>How the boot ended; null while it goes on.</summary>
    public GuestBooted? Outcome { get; set; }

    /// <summary>The device that the root file system lies on, as <c>xvda3</c>.</summary>
    public string? RootDevice { get; set; }

    /// <summary>A kernel that stands at its entry.</summary>
    public static GuestKernelState Create(DomainSpec spec, ActorRef domain, ActorRef xenbus)
    {
        var state = new GuestKernelState { Spec = spec, Domain = domain, Xenbus = xenbus };
        state.Plan.AddRange(BootPlan.For(spec));
        return state;
    }

    public void Print(VirtualTime now, string text)
    {
        var stamp = ClockBase is { } began ? (now - began).Nanoseconds : 0;
        if (ClockBase is not null && Log.Count > 0)
        {
            stamp = Math.Max(stamp, Log[^1].Nanoseconds + PrintkNs);
        }

        foreach (var line in text.Split('\n'))
        {
            Log.Add(new(stamp, line));
        }
    }

    public GuestDisk? FindDisk(string name) => Disks.Find(d => d.Name == name);
}
