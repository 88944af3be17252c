using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Two entries that change places. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_swap_grant_ref")]
public readonly record struct GnttabSwapGrantRef(GrantRef RefA, GrantRef RefB, GnttabStatus Status)
{
    public const int SizeOf = 12;
    public const int RefAOffset = 0;
    public const int RefBOffset = 4;
    public const int StatusOffset = 8;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GnttabSwapGrantRef Read(ReadOnlySpan<byte> from) => new(
        new GrantRef(BinaryPrimitives.ReadUInt32LittleEndian(from[RefAOffset..])),
        new GrantRef(BinaryPrimitives.ReadUInt32LittleEndian(from[RefBOffset..])),
        (GnttabStatus)BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[RefAOffset..], RefA.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[RefBOffset..], RefB.Value);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], (short)Status);
    }
}
