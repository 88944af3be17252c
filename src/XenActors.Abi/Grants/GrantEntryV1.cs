using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A grant table entry, version 1. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct grant_entry_v1")]
public readonly record struct GrantEntryV1(GrantFlags Flags, DomId Domid, uint Frame)
{
    public const int SizeOf = 8;
    public const int FlagsOffset = 0;
    public const int DomidOffset = 2;
    public const int FrameOffset = 4;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GrantEntryV1 Read(ReadOnlySpan<byte> from) => new(
        (GrantFlags)BinaryPrimitives.ReadUInt16LittleEndian(from[FlagsOffset..]),
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomidOffset..])),
        BinaryPrimitives.ReadUInt32LittleEndian(from[FrameOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[FlagsOffset..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomidOffset..], Domid.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[FrameOffset..], Frame);
    }
}
