using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>One map operation. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_map_grant_ref")]
public readonly record struct GnttabMapGrantRef(ulong HostAddr, GnttabMapFlags Flags, GrantRef Ref, DomId Dom, GnttabStatus Status, uint Handle, ulong DevBusAddr)
{
    public const int SizeOf = 32;
    public const int HostAddrOffset = 0;
    public const int FlagsOffset = 8;
    public const int RefOffset = 12;
    public const int DomOffset = 16;
    public const int StatusOffset = 18;
    public const int HandleOffset = 20;
    public const int DevBusAddrOffset = 24;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GnttabMapGrantRef Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from[HostAddrOffset..]),
        (GnttabMapFlags)BinaryPrimitives.ReadUInt32LittleEndian(from[FlagsOffset..]),
        new GrantRef(BinaryPrimitives.ReadUInt32LittleEndian(from[RefOffset..])),
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomOffset..])),
        (GnttabStatus)BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[HandleOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[DevBusAddrOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to[HostAddrOffset..], HostAddr);
        BinaryPrimitives.WriteUInt32LittleEndian(to[FlagsOffset..], (uint)Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(to[RefOffset..], Ref.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomOffset..], Dom.Value);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], (short)Status);
        BinaryPrimitives.WriteUInt32LittleEndian(to[HandleOffset..], Handle);
        BinaryPrimitives.WriteUInt64LittleEndian(to[DevBusAddrOffset..], DevBusAddr);
    }
}
