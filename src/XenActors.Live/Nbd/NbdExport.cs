using XenActors.Experiments.Nbd;

namespace XenActors.Live.Nbd;

/// <summary>A disk as its clients are told of it.</summary>
internal sealed record NbdExport
{
    /// <summary>What clients ask for; the first export of an address is also its default, the empty name.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The backend's number of the disk.</summary>
    public int Disk { get; init; }

    /// <summary>Bytes.</summary>
    public required ulong Size { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>Bytes, a power of two: where requests begin and end.</summary>
    public uint BlockSizeMin { get; init; } = 512;

    /// <summary>Bytes, a power of two.</summary>
    public uint BlockSizePreferred { get; init; } = 4096;

    /// <summary>It takes TRIM.</summary>
    public bool Trims { get; init; }

    /// <summary>Bytes: what is trimmed begins and ends there.</summary>
    public uint TrimGranularity { get; init; } = 512;

    /// <summary>Bytes in which the backend takes and brings a request's payload; the last one may be shorter.</summary>
    public int PieceSize { get; init; } = 64 * 1024;

    /// <summary>
    /// A flush is for the whole disk, whichever connection it comes from. FUA is always taken: without a disk that knows it, it is a flush behind the
    /// write. Zeroes are written as any other bytes, so a client that wants them fast is told at once that they are not.
    /// </summary>
    public NbdTransmissionFlags Flags(bool structured)
    {
        var flags = NbdTransmissionFlags.HasFlags | NbdTransmissionFlags.SendFlush | NbdTransmissionFlags.SendFua | NbdTransmissionFlags.CanMultiConn;
        if (structured) flags |= NbdTransmissionFlags.SendDf;
        if (ReadOnly) return flags | NbdTransmissionFlags.ReadOnly;
        if (Trims) flags |= NbdTransmissionFlags.SendTrim;
        return flags | NbdTransmissionFlags.SendWriteZeroes | NbdTransmissionFlags.SendFastZero;
    }
}
