using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A run of sectors in one granted page; the same in both ABIs. Source: <c>public/io/blkif.h</c>.</summary>
[XenLayout("struct blkif_request_segment")]
public readonly record struct BlkifRequestSegment(GrantRef Gref, byte FirstSect, byte LastSect)
{
    public const int SizeOf = 8;
    public const int GrefOffset = 0;
    public const int FirstSectOffset = 4;
    public const int LastSectOffset = 5;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static BlkifRequestSegment Read(ReadOnlySpan<byte> from) => new(
        new GrantRef(BinaryPrimitives.ReadUInt32LittleEndian(from[GrefOffset..])),
        from[FirstSectOffset],
        from[LastSectOffset]);

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[GrefOffset..], Gref.Value);
        to[FirstSectOffset] = FirstSect;
        to[LastSectOffset] = LastSect;
    }
}
