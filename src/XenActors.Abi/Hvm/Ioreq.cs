using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>
/// An access that the device model must emulate. State and three flags share the byte at <see cref="StateOffset"/>: 4 bits of state,
/// then data-is-pointer, direction (1 = read) and count-downwards. Source: <c>public/hvm/ioreq.h</c>.
/// </summary>
[XenLayout("struct ioreq")]
public readonly record struct Ioreq(
    ulong Addr, ulong Data, uint Count, uint Size, EvtchnPort VpEport, IoreqState State, bool DataIsPtr, bool IsRead, bool Df, IoreqType Type)
{
    public const int SizeOf = 32;
    public const int AddrOffset = 0;
    public const int DataOffset = 8;
    public const int CountOffset = 16;
    public const int SizeOffset = 20;
    public const int VpEportOffset = 24;
    public const int StateOffset = 30;
    public const int StateBits = 4;
    public const int DataIsPtrBit = 4;
    public const int DirBit = 5;
    public const int DfBit = 6;
    public const int TypeOffset = 31;

    public static Ioreq Read(ReadOnlySpan<byte> from)
    {
        var bits = from[StateOffset];
        return new Ioreq(
            BinaryPrimitives.ReadUInt64LittleEndian(from[AddrOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(from[DataOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[CountOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[SizeOffset..]),
            new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[VpEportOffset..])),
            (IoreqState)(bits & ((1 << StateBits) - 1)),
            (bits >> DataIsPtrBit & 1) != 0,
            (bits >> DirBit & 1) != 0,
            (bits >> DfBit & 1) != 0,
            (IoreqType)from[TypeOffset]);
    }

    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to[AddrOffset..], Addr);
        BinaryPrimitives.WriteUInt64LittleEndian(to[DataOffset..], Data);
        BinaryPrimitives.WriteUInt32LittleEndian(to[CountOffset..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(to[SizeOffset..], Size);
        BinaryPrimitives.WriteUInt32LittleEndian(to[VpEportOffset..], VpEport.Value);
        to[StateOffset] = (byte)((byte)State | Flag(DataIsPtr, DataIsPtrBit) | Flag(IsRead, DirBit) | Flag(Df, DfBit));
        to[TypeOffset] = (byte)Type;
    }

    private static int Flag(bool set, int bit) => set ? 1 << bit : 0;
}
