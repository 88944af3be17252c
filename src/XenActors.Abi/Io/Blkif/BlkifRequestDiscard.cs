using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A discard request (<see cref="BlkifOp.Discard"/>). Source: <c>public/io/blkif.h</c>.</summary>
public readonly record struct BlkifRequestDiscard(byte Flag, ushort Handle, ulong Id, ulong SectorNumber, ulong NrSectors)
{
    public static BlkifRequestDiscard Read(ReadOnlySpan<byte> slot, BlkifLayout layout) => new(
        slot[BlkifLayout.DiscardFlagOffset],
        BinaryPrimitives.ReadUInt16LittleEndian(slot[BlkifLayout.HandleOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(slot[layout.IdOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(slot[layout.SectorNumberOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(slot[layout.DiscardNrSectorsOffset..]));

    public void WriteTo(Span<byte> slot, BlkifLayout layout)
    {
        slot[BlkifLayout.OperationOffset] = (byte)BlkifOp.Discard;
        slot[BlkifLayout.DiscardFlagOffset] = Flag;
        BinaryPrimitives.WriteUInt16LittleEndian(slot[BlkifLayout.HandleOffset..], Handle);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[layout.IdOffset..], Id);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[layout.SectorNumberOffset..], SectorNumber);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[layout.DiscardNrSectorsOffset..], NrSectors);
    }
}
