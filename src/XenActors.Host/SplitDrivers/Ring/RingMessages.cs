using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Ring;

/// <summary>
/// A frontend has published requests: the slots from <see cref="Old"/> on, the new <c>req_prod</c>, and what it wrote into shared data pages
/// before, reach the backend's replicas. Bytes from a peer: nothing in them is trusted.
/// </summary>
[Codec]
public readonly partial record struct RequestsPublished(uint Ring, uint Old, uint New, byte[] Slots, PageWrite[] Pages)
{
    public RequestsPublished(uint ring, uint old, uint next, byte[] slots)
        : this(ring, old, next, slots, [])
    {
    }

    public override string ToString() => $"RequestsPublished ring {Ring} [{Old}, {New}) {Convert.ToHexString(Slots)}{RingSlots.Describe(Pages)}";
}

/// <summary>
/// A frontend tells a backend that has mapped a ring in use what is in it: all of the ring's pages, and what is in shared data pages. No step of a real machine, where both look at
/// the same memory.
/// </summary>
[Codec]
public readonly partial record struct RingRemembered(uint Ring, byte[] Page, PageWrite[] Pages);

/// <summary>A backend has published responses: slots, the new <c>rsp_prod</c>, and what it wrote into shared data pages before.</summary>
[Codec]
public readonly partial record struct ResponsesPublished(uint Ring, uint Old, uint New, byte[] Slots, PageWrite[] Pages)
{
    public ResponsesPublished(uint ring, uint old, uint next, byte[] slots)
        : this(ring, old, next, slots, [])
    {
    }

    public override string ToString() => $"ResponsesPublished ring {Ring} [{Old}, {New}) {Convert.ToHexString(Slots)}{RingSlots.Describe(Pages)}";
}
