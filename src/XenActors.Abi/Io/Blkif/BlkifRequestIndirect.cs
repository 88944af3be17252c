using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>
/// An indirect request: its segments lie in up to 8 granted pages of 512 <see cref="BlkifRequestSegment"/> each.
/// Source: <c>public/io/blkif.h</c>.
/// </summary>
public readonly record struct BlkifRequestIndirect(BlkifOp IndirectOp, ushort NrSegments, ulong Id, ulong SectorNumber, ushort Handle)
{
    /// <summary>Segments in one granted page.</summary>
    public const int SegmentsPerPage = Gfn.PageSize / BlkifRequestSegment.SizeOf;

    public static BlkifRequestIndirect Read(ReadOnlySpan<byte> slot, BlkifLayout layout) => new(
        (BlkifOp)slot[BlkifLayout.IndirectOpOffset],
        BinaryPrimitives.ReadUInt16LittleEndian(slot[BlkifLayout.IndirectNrSegmentsOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(slot[layout.IdOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(slot[layout.SectorNumberOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(slot[layout.IndirectHandleOffset..]));

    public void WriteTo(Span<byte> slot, BlkifLayout layout)
    {
        slot[BlkifLayout.OperationOffset] = (byte)BlkifOp.Indirect;
        slot[BlkifLayout.IndirectOpOffset] = (byte)IndirectOp;
        BinaryPrimitives.WriteUInt16LittleEndian(slot[BlkifLayout.IndirectNrSegmentsOffset..], NrSegments);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[layout.IdOffset..], Id);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[layout.SectorNumberOffset..], SectorNumber);
        BinaryPrimitives.WriteUInt16LittleEndian(slot[layout.IndirectHandleOffset..], Handle);
    }

    public static GrantRef ReadGref(ReadOnlySpan<byte> slot, BlkifLayout layout, int index) =>
        new(BinaryPrimitives.ReadUInt32LittleEndian(slot[(layout.IndirectGrefsOffset + index * BlkifLayout.IndirectGrefStride)..]));

    public static void WriteGref(Span<byte> slot, BlkifLayout layout, int index, GrantRef gref) =>
        BinaryPrimitives.WriteUInt32LittleEndian(slot[(layout.IndirectGrefsOffset + index * BlkifLayout.IndirectGrefStride)..], gref.Value);
}
