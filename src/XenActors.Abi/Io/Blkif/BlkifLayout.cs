namespace XenActors.Abi;

/// <summary>
/// Where the block ring's fields lie. A 32-bit x86 guest aligns 64-bit fields to 4 bytes, so a backend must serve the layout that
/// the frontend's <c>protocol</c> node names. Source: <c>public/io/blkif.h</c>, <c>public/io/protocols.h</c>.
/// </summary>
public sealed class BlkifLayout
{
    public static readonly BlkifLayout X86_64 = new("x86_64-abi", idOffset: 8, responseSize: 16);
    public static readonly BlkifLayout X86_32 = new("x86_32-abi", idOffset: 4, responseSize: 12);

    private BlkifLayout(string protocol, int idOffset, int responseSize)
    {
        Protocol = protocol;
        IdOffset = idOffset;
        ResponseSize = responseSize;
        RequestSize = SegOffset + BlkifLimits.MaxSegmentsPerRequest * SegStride;
    }

    /// <summary>The value of the frontend's <c>protocol</c> node.</summary>
    public string Protocol { get; }

    public const int OperationOffset = 0;
    public const int NrSegmentsOffset = 1;
    public const int HandleOffset = 2;
    public const int SegStride = BlkifRequestSegment.SizeOf;
    public const int DiscardFlagOffset = 1;
    public const int IndirectOpOffset = 1;
    public const int IndirectNrSegmentsOffset = 2;
    public const int IndirectSize = 64;
    public const int IndirectGrefStride = 4;
    public const int ResponseIdOffset = 0;
    public const int ResponseOperationOffset = 8;
    public const int ResponseStatusOffset = 10;

    /// <summary>The size of a request, and so of a ring entry.</summary>
    public int RequestSize { get; }

    public int ResponseSize { get; }

    public int IdOffset { get; }

    public int SectorNumberOffset => IdOffset + 8;

    public int SegOffset => IdOffset + 16;

    public int DiscardNrSectorsOffset => IdOffset + 16;

    public int DiscardSize => IdOffset + 24;

    public int IndirectHandleOffset => IdOffset + 16;

    public int IndirectGrefsOffset => IdOffset + 20;

    /// <summary>The layout that a <c>protocol</c> node names, or null; a missing node means the backend's own.</summary>
    public static BlkifLayout? Of(string? protocol) => protocol switch
    {
        null or "" or "x86_64-abi" => X86_64,
        "x86_32-abi" => X86_32,
        _ => null,
    };
}
