using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of GNTTABOP_set_version; the answer is the version in use. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_set_version")]
public readonly record struct GnttabSetVersion(uint Version)
{
    public const int SizeOf = 4;
    public const int VersionOffset = 0;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GnttabSetVersion Read(ReadOnlySpan<byte> from) => new(BinaryPrimitives.ReadUInt32LittleEndian(from[VersionOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to) => BinaryPrimitives.WriteUInt32LittleEndian(to[VersionOffset..], Version);
}
