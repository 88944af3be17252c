using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore.Ring;

/// <summary>xenstored's replica of a guest's ring page, and its end of the ring.</summary>
[Codec]
public sealed partial class StoreReplica
{
    private uint published;
    private uint publishedError;

    /// <summary>The guest's xenbus, which has the other replica.</summary>
    public required ActorRef Guest { get; init; }

    public MemoryRingPage Page { get; private set; } = new();

    public XenstoreRingServer Ring { get; private set; } = new();

    /// <summary>The guest's side of the page has changed.</summary>
    public void Arrive(in XsRingRequests m)
    {
        RingReplica.Store(Page, XenstoreDomainInterface.ReqOffset, m.ReqProd, m.Bytes);
        XenstoreDomainInterface.SetReqProd(Page.Bytes, m.ReqProd);
        XenstoreDomainInterface.SetRspCons(Page.Bytes, m.RspCons);
    }

    public void Introduce()
    {
        Ring.Introduce(Page);
        Ring.TakeKick(); // the guest hears of it by a message of its own
        published = 0;
    }

    /// <summary>Puts what fits; what the other replica gets, or null when nothing has changed.</summary>
    public XsRingResponses? Publish()
    {
        Ring.Flush(Page);
        var error = XenstoreDomainInterface.Error(Page.Bytes);
        if (!Ring.TakeKick() && error == publishedError) return null;
        var (old, produced) = (published, XenstoreDomainInterface.RspProd(Page.Bytes));
        (published, publishedError) = (produced, error);
        return new(
            produced, XenstoreDomainInterface.ReqCons(Page.Bytes), RingReplica.Copy(Page, XenstoreDomainInterface.RspOffset, old, produced),
            error);
    }
}
