using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>The page of posted writes, 511 slots of 8 bytes. Source: <c>public/hvm/ioreq.h</c>.</summary>
[XenLayout("struct buffered_iopage")]
public static class BufferedIopage
{
    public const int SizeOf = 4096;
    public const int ReadPointerOffset = 0;
    public const int WritePointerOffset = 4;
    public const int BufIoreqOffset = 8;
    public const int BufIoreqCount = 511;
    public const int BufIoreqStride = 8;

    public static uint ReadPointer(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ReadPointerOffset..]);

    public static void SetReadPointer(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[ReadPointerOffset..], value);

    public static uint WritePointer(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[WritePointerOffset..]);

    public static void SetWritePointer(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[WritePointerOffset..], value);

    /// <summary>Where the slot with a free-running index lies.</summary>
    public static int SlotOffset(uint index) => BufIoreqOffset + (int)(index % BufIoreqCount) * BufIoreqStride;
}
