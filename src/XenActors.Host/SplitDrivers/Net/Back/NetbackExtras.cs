using XenActors.Abi;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>What the slots of extra information behind a frame's first slot say; of two of a kind the later one counts.</summary>
internal ref struct NetbackExtras
{
    public int Count { get; set; }

    public bool HasGso { get; private set; }

    public NetifGsoType GsoType { get; private set; }

    public ushort GsoSize { get; private set; }

    /// <summary>No frame at all: an address to join, or to leave.</summary>
    public (bool Add, MacAddress Address)? Multicast { get; private set; }

    public void Take(NetifExtraType type, ReadOnlySpan<byte> slot)
    {
        switch (type)
        {
            case NetifExtraType.Gso:
                (HasGso, GsoType, GsoSize) = (true, NetifExtraInfo.GsoType(slot), NetifExtraInfo.GsoSize(slot));
                break;
            case NetifExtraType.McastAdd:
                Multicast = (true, MacAddress.Read(NetifExtraInfo.McastAddr(slot)));
                break;
            case NetifExtraType.McastDel when Multicast is not { Add: true }:
                Multicast = (false, MacAddress.Read(NetifExtraInfo.McastAddr(slot)));
                break;
        }
    }
}
