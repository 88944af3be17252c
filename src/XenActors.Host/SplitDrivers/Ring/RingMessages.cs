using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Ring;

/// <summary>
/// A frontend has published requests: the slots [<see cref="Old"/>, <see cref="New"/>) and the new <c>req_prod</c> reach the backend's
/// replica of the page. Bytes from a peer: nothing in them is trusted.
/// </summary>
[Codec]
public readonly partial record struct RequestsPublished(uint Ring, uint Old, uint New, byte[] Slots)
{
    public override string ToString() => $"RequestsPublished ring {Ring} [{Old}, {New}) {Convert.ToHexString(Slots)}";
}

/// <summary>A backend has published responses: slots and the new <c>rsp_prod</c>.</summary>
[Codec]
public readonly partial record struct ResponsesPublished(uint Ring, uint Old, uint New, byte[] Slots)
{
    public override string ToString() => $"ResponsesPublished ring {Ring} [{Old}, {New}) {Convert.ToHexString(Slots)}";
}
