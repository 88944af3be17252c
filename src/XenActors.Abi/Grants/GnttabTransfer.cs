using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>One page transfer. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_transfer")]
public readonly record struct GnttabTransfer(ulong Mfn, DomId Domid, GrantRef Ref, GnttabStatus Status)
{
    public const int SizeOf = 24;
    public const int MfnOffset = 0;
    public const int DomidOffset = 8;
    public const int RefOffset = 12;
    public const int StatusOffset = 16;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GnttabTransfer Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from[MfnOffset..]),
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomidOffset..])),
        new GrantRef(BinaryPrimitives.ReadUInt32LittleEndian(from[RefOffset..])),
        (GnttabStatus)BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to[MfnOffset..], Mfn);
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomidOffset..], Domid.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[RefOffset..], Ref.Value);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], (short)Status);
    }
}
