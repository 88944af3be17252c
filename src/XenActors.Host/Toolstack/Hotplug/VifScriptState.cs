using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Hotplug;

public enum VifScriptStep
{
    Starting,
    Reading,
    Writing,
    Ended,
}

/// <summary>One run of <c>vif-bridge online</c> (a vif) or <c>vif-bridge add</c> (a tap).</summary>
[Codec]
public sealed partial class VifScriptState : IScriptState
{
    public XenstoreClient Xs { get; set; } = new();

    public HostLatencies? Latencies { get; set; }

    public ActorRef Bridge { get; set; }

    /// <summary>XENBUS_PATH.</summary>
    public string Path { get; set; } = "";

    public string FrontPath { get; set; } = "";

    /// <summary>The device to enslave.</summary>
    public string Port { get; set; } = "";

    /// <summary><c>type_if=tap</c>: adds the port and writes nothing.</summary>
    public bool Tap { get; set; }

    public VifScriptStep Step { get; set; }

    public string Error { get; set; } = "";

    public bool Fatal { get; set; }

    public StoreBatch Batch { get; set; } = new();
}
