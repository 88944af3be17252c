using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Hotplug;

public enum BlockScriptStep
{
    Starting,
    Reading,
    Checking,
    Writing,
    Ended,
}

/// <summary>One run of <c>block add</c>.</summary>
[Codec]
public sealed partial class BlockScriptState : IScriptState
{
    public XenstoreClient Xs { get; set; } = new();

    public HostLatencies? Latencies { get; set; }

    /// <summary>XENBUS_PATH: relative, as the script is given it.</summary>
    public string Path { get; set; } = "";

    /// <summary>The number that <c>losetup -f</c> would find.</summary>
    public int Loop { get; set; }

    public BlockScriptStep Step { get; set; }

    public string Error { get; set; } = "";

    public bool Fatal { get; set; }

    public StoreBatch Batch { get; set; } = new();

    public static BlockScriptState Create(ActorRef xenstored, HostLatencies latencies, string path, int loop) =>
        new() { Xs = new() { Server = xenstored }, Latencies = latencies, Path = path, Loop = loop };
}
