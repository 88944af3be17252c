using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Xenbus;

/// <summary>How far one look at <c>control/shutdown</c> is.</summary>
public enum ShutdownHandlerStep
{
    Idle,
    Beginning,
    Reading,

    /// <summary>The command is taken out of the node.</summary>
    Ending,

    /// <summary>There was nothing in it.</summary>
    Aborting,
}

[Codec]
public sealed partial class ShutdownHandlerState
{
    public required ActorRef Kernel { get; set; }

    public required XenstoreClient Xs { get; set; }

    public ShutdownHandlerStep Step { get; set; }

    /// <summary>The node was named again meanwhile.</summary>
    public bool Again { get; set; }

    public string Command { get; set; } = "";
}
