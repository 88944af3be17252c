using XenActors.Simulation;

namespace XenActors.Xenstore.Ring;

/// <summary>
/// A guest has put request bytes or taken response bytes: its two indices, and what it put, reach xenstored's replica of the page. A guest
/// raises its event channel for every change, so the event is this message. Bytes from a guest: nothing in them is trusted.
/// </summary>
/// <param name="ReqProd">Up to where requests are there now.</param>
/// <param name="RspCons">Up to where responses have been taken.</param>
/// <param name="Bytes">The last bytes before <paramref name="ReqProd"/>.</param>
[Codec]
public readonly partial record struct XsRingRequests(uint ReqProd, uint RspCons, byte[] Bytes)
{
    public override string ToString() => $"XsRingRequests req_prod {ReqProd} rsp_cons {RspCons} {Convert.ToHexString(Bytes)}";
}

/// <summary>xenstored has put response bytes or taken request bytes, or said what is wrong with the ring.</summary>
/// <param name="RspProd">Up to where responses are there now.</param>
/// <param name="ReqCons">Up to where requests have been taken.</param>
/// <param name="Bytes">The last bytes before <paramref name="RspProd"/>.</param>
/// <param name="Error">The page's error field.</param>
[Codec]
public readonly partial record struct XsRingResponses(uint RspProd, uint ReqCons, byte[] Bytes, uint Error)
{
    public override string ToString() => $"XsRingResponses rsp_prod {RspProd} req_cons {ReqCons} error {Error} {Convert.ToHexString(Bytes)}";
}

/// <summary>INTRODUCE: xenstored has mapped the page, or begins anew with it. All four indices are 0.</summary>
[Codec]
public readonly partial record struct XsRingIntroduced;
