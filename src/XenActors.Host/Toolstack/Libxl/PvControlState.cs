using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

public enum PvControlStep : byte
{
    Asking,
    Writing,

    /// <summary>Whether the guest has taken the command out of the node.</summary>
    Reading,
    Waiting,

    /// <summary>It has not, for a minute: the command is taken back.</summary>
    Retracting,

    /// <summary>A suspend: the guest has taken the command, and is on its way down.</summary>
    Suspending,

    /// <summary>It is to go on where it is.</summary>
    Resuming,
    Ended,
}

/// <summary>One <c>xl shutdown</c> or <c>xl reboot</c>.</summary>
[Codec]
public sealed partial class PvControlState
{
    public required XlCommand Order { get; set; }

    public required Dom0Peers Peers { get; set; }

    public required XenstoreClient Xs { get; set; }

    public StoreBatch Batch { get; set; } = new();

    public PvControlStep Step { get; set; }

    public bool ReadAgain { get; set; }

    public TimerId Timer { get; set; }
}
