using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore.Ring;

/// <summary>A guest's replica of its ring page, and its end of the ring.</summary>
[Codec]
public sealed partial class GuestReplica
{
    private uint published;

    public MemoryRingPage Page { get; private set; } = new();

    public XenstoreRingGuest Ring { get; private set; } = new();

    public void Send(in XsRequest request) => Ring.Send(request.Type, request.ReqId, request.TxId, request.Payload);

    /// <summary>xenstored's side of the page has changed.</summary>
    public void Arrive(in XsRingResponses m)
    {
        RingReplica.Store(Page, XenstoreDomainInterface.RspOffset, m.RspProd, m.Bytes);
        XenstoreDomainInterface.SetRspProd(Page.Bytes, m.RspProd);
        XenstoreDomainInterface.SetReqCons(Page.Bytes, m.ReqCons);
        XenstoreDomainInterface.SetError(Page.Bytes, m.Error);
    }

    /// <summary>The page has been introduced: what lay in it is lost.</summary>
    public void Introduced()
    {
        Page.Bytes.AsSpan(XenstoreDomainInterface.ReqConsOffset, XenstoreDomainInterface.ServerFeaturesOffset - XenstoreDomainInterface.ReqConsOffset).Clear();
        published = 0;
    }

    /// <summary>Puts what fits; what the other replica gets, or null when nothing has changed.</summary>
    public XsRingRequests? Publish()
    {
        Ring.Flush(Page);
        if (!Ring.TakeKick()) return null;
        var (old, produced) = (published, XenstoreDomainInterface.ReqProd(Page.Bytes));
        published = produced;
        return new(produced, XenstoreDomainInterface.RspCons(Page.Bytes), RingReplica.Copy(Page, XenstoreDomainInterface.ReqOffset, old, produced));
    }
}
