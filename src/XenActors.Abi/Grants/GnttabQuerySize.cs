using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of GNTTABOP_query_size. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_query_size")]
public readonly record struct GnttabQuerySize(DomId Dom, uint NrFrames, uint MaxNrFrames, GnttabStatus Status)
{
    public const int SizeOf = 16;
    public const int DomOffset = 0;
    public const int NrFramesOffset = 4;
    public const int MaxNrFramesOffset = 8;
    public const int StatusOffset = 12;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GnttabQuerySize Read(ReadOnlySpan<byte> from) => new(
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomOffset..])),
        BinaryPrimitives.ReadUInt32LittleEndian(from[NrFramesOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[MaxNrFramesOffset..]),
        (GnttabStatus)BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomOffset..], Dom.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[NrFramesOffset..], NrFrames);
        BinaryPrimitives.WriteUInt32LittleEndian(to[MaxNrFramesOffset..], MaxNrFrames);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], (short)Status);
    }
}
