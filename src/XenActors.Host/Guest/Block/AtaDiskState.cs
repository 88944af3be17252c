using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A drive that sd or sr has taken: libata's translation of block requests to ATA commands.</summary>
[Codec]
public sealed partial class AtaDiskState
{
    public required ActorRef Port { get; init; }

    public required string Name { get; init; }

    public DiskLimits Limits { get; init; } = DiskLimits.Plain;

    /// <summary>Of 512 bytes; a CD's changes with its medium.</summary>
    public ulong Sectors { get; set; }

    public required byte Channel { get; init; }

    /// <summary>0 for the master, 1 for the slave.</summary>
    public required byte Position { get; init; }

    /// <summary>A CD drive: blocks of 2048 bytes, by packets.</summary>
    public bool Packet { get; init; }

    public bool Lba48 { get; init; }

    /// <summary>Off with <c>libata.dma=0</c>.</summary>
    public bool Dma { get; init; } = true;

    /// <summary>Sectors of a READ MULTIPLE block; 0 for none.</summary>
    public int Multiple { get; init; }

    /// <summary>Requests under way, by our cookie.</summary>
    public SortedDictionary<long, AtaBlockJob> Jobs { get; } = [];

    public long NextCookie { get; set; }

    /// <summary>Of a CD: how far the look for another medium has come.</summary>
    public AtaMediaStage Media { get; set; }

    /// <summary>TEST UNIT READYs that it took so far.</summary>
    public int MediaAttempts { get; set; }

    /// <summary>Something happened meanwhile: look again.</summary>
    public bool MediaAgain { get; set; }
}

/// <summary>sr's steps when its drive's tray has moved.</summary>
public enum AtaMediaStage : byte
{
    None,

    /// <summary>Until the kernel polls for events.</summary>
    Due,
    Event,
    Ready,
    Sense,
    Capacity,
}

/// <summary>A block request on its way through one or more commands.</summary>
[Codec]
public sealed partial class AtaBlockJob
{
    public required ActorRef Asker { get; init; }

    public required BlockRequest Request { get; init; }

    /// <summary>Sectors that earlier commands have done.</summary>
    public uint Done { get; set; }

    /// <summary>Sectors of the command under way.</summary>
    public uint Part { get; set; }

    public AtaBlockStage Stage { get; set; }

    /// <summary>What a read has brought so far.</summary>
    public byte[] Data { get; set; } = [];
}

public enum AtaBlockStage : byte
{
    /// <summary>REQ_PREFLUSH's flush.</summary>
    Before,
    Moving,

    /// <summary>A flush request itself, or the flush that stands for FUA: QEMU's drives have no FUA.</summary>
    After,

    /// <summary>REQUEST SENSE after a packet that failed: it also ends a unit attention.</summary>
    Sense,

    Ended,
}
