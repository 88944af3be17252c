using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of GNTTABOP_get_status_frames. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_get_status_frames")]
public readonly record struct GnttabGetStatusFrames(uint NrFrames, DomId Dom, GnttabStatus Status, ulong FrameList)
{
    public const int SizeOf = 16;
    public const int NrFramesOffset = 0;
    public const int DomOffset = 4;
    public const int StatusOffset = 6;
    public const int FrameListOffset = 8;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GnttabGetStatusFrames Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(from[NrFramesOffset..]),
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomOffset..])),
        (GnttabStatus)BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[FrameListOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[NrFramesOffset..], NrFrames);
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomOffset..], Dom.Value);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], (short)Status);
        BinaryPrimitives.WriteUInt64LittleEndian(to[FrameListOffset..], FrameList);
    }
}
