using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

[Codec]
public sealed partial class Dom0InitState
{
    public XenstoreClient Xs { get; set; } = new();

    public HostProfile? Host { get; set; }

    /// <summary>Who hears <see cref="Dom0Ready"/>.</summary>
    public ActorRef Listener { get; set; }

    public StoreBatch Batch { get; set; } = new();

    public static Dom0InitState Create(ActorRef xenstored, HostProfile host, ActorRef listener) =>
        new() { Xs = new() { Server = xenstored }, Host = host, Listener = listener };
}
