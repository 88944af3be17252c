using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>One copy operation. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_copy")]
public readonly record struct GnttabCopy(GnttabCopyPtr Source, GnttabCopyPtr Dest, ushort Len, GnttabCopyFlags Flags, GnttabStatus Status)
{
    public const int SizeOf = 40;
    public const int SourceOffset = 0;
    public const int SourceDomidOffset = 8;
    public const int SourceOffsetOffset = 10;
    public const int DestOffset = 16;
    public const int DestDomidOffset = 24;
    public const int DestOffsetOffset = 26;
    public const int LenOffset = 32;
    public const int FlagsOffset = 34;
    public const int StatusOffset = 36;

    public static GnttabCopy Read(ReadOnlySpan<byte> from) => new(
        ReadEnd(from[SourceOffset..]),
        ReadEnd(from[DestOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(from[LenOffset..]),
        (GnttabCopyFlags)BinaryPrimitives.ReadUInt16LittleEndian(from[FlagsOffset..]),
        (GnttabStatus)BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]));

    public void WriteTo(Span<byte> to)
    {
        WriteEnd(to[SourceOffset..], Source);
        WriteEnd(to[DestOffset..], Dest);
        BinaryPrimitives.WriteUInt16LittleEndian(to[LenOffset..], Len);
        BinaryPrimitives.WriteUInt16LittleEndian(to[FlagsOffset..], (ushort)Flags);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], (short)Status);
    }

    // Both ends have the same shape, so the source's offsets serve relative to either.
    private static GnttabCopyPtr ReadEnd(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from),
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[SourceDomidOffset..])),
        BinaryPrimitives.ReadUInt16LittleEndian(from[SourceOffsetOffset..]));

    private static void WriteEnd(Span<byte> to, GnttabCopyPtr end)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to, end.RefOrGmfn);
        BinaryPrimitives.WriteUInt16LittleEndian(to[SourceDomidOffset..], end.Domid.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(to[SourceOffsetOffset..], end.Offset);
    }
}
