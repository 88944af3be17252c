using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A slot of extra information; which of the accessors applies is told by the type. Source: <c>public/io/netif.h</c>.</summary>
[XenLayout("struct netif_extra_info")]
public static class NetifExtraInfo
{
    public const int SizeOf = 8;
    public const int TypeOffset = 0;
    public const int FlagsOffset = 1;
    public const int GsoSizeOffset = 2;
    public const int GsoTypeOffset = 4;
    public const int GsoFeaturesOffset = 6;
    public const int McastAddrOffset = 2;
    public const int McastAddrCount = 6;
    public const int HashTypeOffset = 2;
    public const int HashAlgorithmOffset = 3;
    public const int HashValueOffset = 4;
    public const int HashValueCount = 4;

    public static NetifExtraType Type(ReadOnlySpan<byte> slot) => (NetifExtraType)slot[TypeOffset];

    public static NetifExtraFlags Flags(ReadOnlySpan<byte> slot) => (NetifExtraFlags)slot[FlagsOffset];

    public static ushort GsoSize(ReadOnlySpan<byte> slot) => BinaryPrimitives.ReadUInt16LittleEndian(slot[GsoSizeOffset..]);

    public static NetifGsoType GsoType(ReadOnlySpan<byte> slot) => (NetifGsoType)slot[GsoTypeOffset];

    public static ReadOnlySpan<byte> McastAddr(ReadOnlySpan<byte> slot) => slot.Slice(McastAddrOffset, McastAddrCount);

    public static uint HashValue(ReadOnlySpan<byte> slot) => BinaryPrimitives.ReadUInt32LittleEndian(slot[HashValueOffset..]);

    public static void WriteGso(Span<byte> slot, NetifExtraFlags flags, ushort size, NetifGsoType type)
    {
        slot[..SizeOf].Clear();
        slot[TypeOffset] = (byte)NetifExtraType.Gso;
        slot[FlagsOffset] = (byte)flags;
        BinaryPrimitives.WriteUInt16LittleEndian(slot[GsoSizeOffset..], size);
        slot[GsoTypeOffset] = (byte)type;
    }

    public static void WriteMcast(Span<byte> slot, NetifExtraType addOrDel, NetifExtraFlags flags, ReadOnlySpan<byte> address)
    {
        slot[TypeOffset] = (byte)addOrDel;
        slot[FlagsOffset] = (byte)flags;
        address[..McastAddrCount].CopyTo(slot[McastAddrOffset..]);
    }

    public static void WriteHash(Span<byte> slot, NetifExtraFlags flags, byte type, byte algorithm, uint value)
    {
        slot[TypeOffset] = (byte)NetifExtraType.Hash;
        slot[FlagsOffset] = (byte)flags;
        slot[HashTypeOffset] = type;
        slot[HashAlgorithmOffset] = algorithm;
        BinaryPrimitives.WriteUInt32LittleEndian(slot[HashValueOffset..], value);
    }
}
