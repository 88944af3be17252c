using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Experiments.Workloads.Store;

/// <summary>A client of xenstore: what it is to do, how far it is, and what it was told.</summary>
[Codec]
public sealed partial class StoreTrafficState
{
    public required StoreTraffic Traffic { get; init; }

    public required ActorRef Xenstored { get; init; }

    /// <summary>Operations that are over, each transaction counting as one.</summary>
    public int Done { get; set; }

    /// <summary>The request that is out; 0 for none.</summary>
    public uint Asked { get; set; }

    public uint LastRequest { get; set; }

    public XsWireType AskedType { get; set; }

    /// <summary>The transaction in which it works; 0 for none.</summary>
    public uint Transaction { get; set; }

    /// <summary>Requests that the transaction is still to have.</summary>
    public int StepsLeft { get; set; }

    /// <summary>Its directory is made first.</summary>
    public bool Made { get; set; }

    /// <summary>Names on which it has a watch.</summary>
    public List<int> Watched { get; init; } = [];

    public int WatchAsked { get; set; } = -1;

    public long Requests { get; set; }

    public long Errors { get; set; }

    /// <summary>Commits that met EAGAIN.</summary>
    public long Conflicts { get; set; }

    public long Commits { get; set; }

    public long Events { get; set; }

    public bool Finished => Done >= Traffic.Operations;
}
