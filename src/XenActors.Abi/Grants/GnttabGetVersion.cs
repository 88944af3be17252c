using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of GNTTABOP_get_version. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_get_version")]
public readonly record struct GnttabGetVersion(DomId Dom, uint Version)
{
    public const int SizeOf = 8;
    public const int DomOffset = 0;
    public const int VersionOffset = 4;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GnttabGetVersion Read(ReadOnlySpan<byte> from) => new(
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomOffset..])),
        BinaryPrimitives.ReadUInt32LittleEndian(from[VersionOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomOffset..], Dom.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[VersionOffset..], Version);
    }
}
