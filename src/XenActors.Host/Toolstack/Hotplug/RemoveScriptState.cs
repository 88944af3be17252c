using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Hotplug;

public enum RemoveScriptStep
{
    Starting,
    Reading,
    Ended,
}

/// <summary>One run of <c>block remove</c>, <c>vif-bridge offline</c> (a vif) or <c>vif-bridge remove</c> (a tap).</summary>
[Codec]
public sealed partial class RemoveScriptState : IScriptState
{
    public XenstoreClient Xs { get; set; } = new();

    public HostLatencies? Latencies { get; set; }

    public ActorRef Bridge { get; set; }

    /// <summary>XENBUS_PATH.</summary>
    public string Path { get; set; } = "";

    /// <summary><c>block</c>, <c>vif</c> or <c>tap</c>.</summary>
    public string Kind { get; set; } = "";

    public RemoveScriptStep Step { get; set; }

    public string Error { get; set; } = "";

    public bool Fatal { get; set; }

    public StoreBatch Batch { get; set; } = new();
}
