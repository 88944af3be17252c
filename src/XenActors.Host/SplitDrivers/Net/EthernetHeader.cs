using System.Buffers.Binary;

namespace XenActors.SplitDrivers.Net;

/// <summary>The head of an Ethernet II frame: destination, source and type. Source: Linux' <c>linux/if_ether.h</c>.</summary>
public static class EthernetHeader
{
    /// <summary>ETH_HLEN.</summary>
    public const int SizeOf = 14;

    /// <summary>ETH_ZLEN: the shortest frame on a wire, without its check sequence.</summary>
    public const int FrameMin = 60;

    /// <summary>ETH_DATA_LEN: what a frame carries when nobody has said otherwise.</summary>
    public const int Mtu = 1500;

    /// <summary>A tag between source and type, which devices let pass on top of their MTU.</summary>
    public const int VlanTag = 4;

    public const ushort IPv4 = 0x0800;
    public const ushort IPv6 = 0x86DD;

    /// <summary>IEEE's number for experiments.</summary>
    public const ushort Experimental = 0x88B5;

    public static MacAddress Destination(ReadOnlySpan<byte> frame) => MacAddress.Read(frame);

    public static MacAddress Source(ReadOnlySpan<byte> frame) => MacAddress.Read(frame[MacAddress.SizeOf..]);

    public static ushort EtherType(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16BigEndian(frame[(2 * MacAddress.SizeOf)..]);

    public static void Write(Span<byte> frame, MacAddress destination, MacAddress source, ushort etherType)
    {
        destination.WriteTo(frame);
        source.WriteTo(frame[MacAddress.SizeOf..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[(2 * MacAddress.SizeOf)..], etherType);
    }
}
