using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A block request without its segments, which lie behind it in the slot. Source: <c>public/io/blkif.h</c>.</summary>
public readonly record struct BlkifRequest(BlkifOp Operation, byte NrSegments, ushort Handle, ulong Id, ulong SectorNumber)
{
    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static BlkifRequest Read(ReadOnlySpan<byte> slot, BlkifLayout layout) => new(
        (BlkifOp)slot[BlkifLayout.OperationOffset],
        slot[BlkifLayout.NrSegmentsOffset],
        BinaryPrimitives.ReadUInt16LittleEndian(slot[BlkifLayout.HandleOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(slot[layout.IdOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(slot[layout.SectorNumberOffset..]));

    public void WriteTo(Span<byte> slot, BlkifLayout layout)
    {
        slot[BlkifLayout.OperationOffset] = (byte)Operation;
        slot[BlkifLayout.NrSegmentsOffset] = NrSegments;
        BinaryPrimitives.WriteUInt16LittleEndian(slot[BlkifLayout.HandleOffset..], Handle);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[layout.IdOffset..], Id);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[layout.SectorNumberOffset..], SectorNumber);
    }

    /// <summary>One of the slot's up to 11 segments.</summary>
    public static BlkifRequestSegment ReadSegment(ReadOnlySpan<byte> slot, BlkifLayout layout, int index) =>
        BlkifRequestSegment.Read(slot.Slice(layout.SegOffset + index * BlkifLayout.SegStride, BlkifLayout.SegStride));

    public static void WriteSegment(Span<byte> slot, BlkifLayout layout, int index, BlkifRequestSegment segment) =>
        segment.WriteTo(slot.Slice(layout.SegOffset + index * BlkifLayout.SegStride, BlkifLayout.SegStride));
}
