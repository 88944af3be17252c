using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>One unmap operation whose address another mapping takes. Source: <c>public/grant_table.h</c>.</summary>
[XenLayout("struct gnttab_unmap_and_replace")]
public readonly record struct GnttabUnmapAndReplace(ulong HostAddr, ulong NewAddr, uint Handle, GnttabStatus Status)
{
    public const int SizeOf = 24;
    public const int HostAddrOffset = 0;
    public const int NewAddrOffset = 8;
    public const int HandleOffset = 16;
    public const int StatusOffset = 20;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static GnttabUnmapAndReplace Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from[HostAddrOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[NewAddrOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[HandleOffset..]),
        (GnttabStatus)BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to[HostAddrOffset..], HostAddr);
        BinaryPrimitives.WriteUInt64LittleEndian(to[NewAddrOffset..], NewAddr);
        BinaryPrimitives.WriteUInt32LittleEndian(to[HandleOffset..], Handle);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], (short)Status);
    }
}
