using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A block response; its fields lie alike in both ABIs, its size differs. Source: <c>public/io/blkif.h</c>.</summary>
public readonly record struct BlkifResponse(ulong Id, BlkifOp Operation, BlkifStatus Status)
{
    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static BlkifResponse Read(ReadOnlySpan<byte> slot) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(slot[BlkifLayout.ResponseIdOffset..]),
        (BlkifOp)slot[BlkifLayout.ResponseOperationOffset],
        (BlkifStatus)BinaryPrimitives.ReadInt16LittleEndian(slot[BlkifLayout.ResponseStatusOffset..]));

    public void WriteTo(Span<byte> slot)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(slot[BlkifLayout.ResponseIdOffset..], Id);
        slot[BlkifLayout.ResponseOperationOffset] = (byte)Operation;
        BinaryPrimitives.WriteInt16LittleEndian(slot[BlkifLayout.ResponseStatusOffset..], (short)Status);
    }
}
