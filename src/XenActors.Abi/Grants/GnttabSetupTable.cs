using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of GNTTABOP_setup_table. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_setup_table")]
public readonly record struct GnttabSetupTable(DomId Dom, uint NrFrames, GnttabStatus Status, ulong FrameList)
{
    public const int SizeOf = 24;
    public const int DomOffset = 0;
    public const int NrFramesOffset = 4;
    public const int StatusOffset = 8;
    public const int FrameListOffset = 16;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GnttabSetupTable Read(ReadOnlySpan<byte> from) => new(
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomOffset..])),
        BinaryPrimitives.ReadUInt32LittleEndian(from[NrFramesOffset..]),
        (GnttabStatus)BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[FrameListOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomOffset..], Dom.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[NrFramesOffset..], NrFrames);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], (short)Status);
        BinaryPrimitives.WriteUInt64LittleEndian(to[FrameListOffset..], FrameList);
    }
}
