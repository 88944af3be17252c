using XenActors.Simulation;

namespace XenActors.Experiments.Workloads.Hypercalls;

/// <summary>Time for the next call, or for giving up the answer to the last one.</summary>
/// <param name="Call">The last call's number.</param>
[Codec]
public readonly partial record struct HypercallDue(long Call);

/// <summary>To the program in dom0: this page was granted to it.</summary>
[Codec]
public readonly partial record struct PageOffered(uint Ref, ActorRef Table);

/// <summary>A program that makes hypercalls: how far it is, what it has opened, and which answers were not Xen's.</summary>
[Codec]
public sealed partial class HypercallState
{
    public required HypercallTraffic Traffic { get; init; }

    public required ushort Domain { get; init; }

    public required bool Hvm { get; init; }

    public required ActorRef EventChannels { get; init; }

    public required ActorRef GrantTable { get; init; }

    /// <summary>dom0's, for what is asked of another domain's table.</summary>
    public required ActorRef ForeignGrantTable { get; init; }

    /// <summary>The program in dom0 that maps what is granted.</summary>
    public required ActorRef Peer { get; init; }

    /// <summary>Calls made: the number of the last one.</summary>
    public long Calls { get; set; }

    /// <summary>The last call has no answer.</summary>
    public bool Out { get; set; }

    /// <summary>What the last call must be answered, where that is known: 0, or a negative errno.</summary>
    public long? Expected { get; set; }

    public string Words { get; set; } = "";

    public int Done { get; set; }

    /// <summary>Ports that it has opened and not closed.</summary>
    public List<uint> Ports { get; init; } = [];

    /// <summary>Pages that it has granted and not taken back.</summary>
    public List<uint> Refs { get; init; } = [];

    /// <summary>VIRQ_XENPMU is bound.</summary>
    public uint Pmu { get; set; }

    public bool Hoards { get; set; }

    /// <summary>References that it asks for at once.</summary>
    public int Taking { get; set; }

    public long Events { get; set; }

    public long Refused { get; set; }

    /// <summary>Answers that were not given, because the call was forgotten with the guest's event channels.</summary>
    public long Unanswered { get; set; }

    public List<string> Wrong { get; init; } = [];

    public bool Finished { get; set; }
}
