using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>The head of every request/response ring page; entries follow at <see cref="RingOffset"/>. Source: <c>public/io/ring.h</c>.</summary>
[XenLayout("struct blkif_sring")]
public static class SharedRing
{
    public const int ReqProdOffset = 0;
    public const int ReqEventOffset = 4;
    public const int RspProdOffset = 8;
    public const int RspEventOffset = 12;
    public const int RingOffset = 64;

    public static uint ReqProd(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ReqProdOffset..]);

    public static void SetReqProd(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[ReqProdOffset..], value);

    public static uint ReqEvent(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ReqEventOffset..]);

    public static void SetReqEvent(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[ReqEventOffset..], value);

    public static uint RspProd(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[RspProdOffset..]);

    public static void SetRspProd(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[RspProdOffset..], value);

    public static uint RspEvent(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[RspEventOffset..]);

    public static void SetRspEvent(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[RspEventOffset..], value);

    /// <summary>What the frontend writes once: zeroed indices, and events that ask for the first entry.</summary>
    public static void Initialise(Span<byte> page)
    {
        page.Clear();
        SetReqEvent(page, 1);
        SetRspEvent(page, 1);
    }

    /// <summary>How many entries fit: the largest power of two.</summary>
    public static int EntryCount(int bytes, int entrySize)
    {
        var fit = (uint)((bytes - RingOffset) / entrySize);
        return fit == 0 ? 0 : 1 << System.Numerics.BitOperations.Log2(fit);
    }

    /// <summary>Where the entry with a free-running index lies.</summary>
    public static int EntryOffset(uint index, int entryCount, int entrySize) => RingOffset + (int)(index & (uint)(entryCount - 1)) * entrySize;
}
