namespace XenActors.Experiments.Nbd;

/// <summary>
/// The NBD protocol's magic numbers and lengths. All integers on the wire are big-endian. Source of all words in this folder:
/// <c>doc/proto.md</c> of NetworkBlockDevice/nbd.
/// </summary>
public static class NbdWire
{
    /// <summary>"NBDMAGIC", the server's first word.</summary>
    public const ulong Magic = 0x4E42_444D_4147_4943;

    /// <summary>"IHAVEOPT", the server's second word and the head of every option.</summary>
    public const ulong OptionMagic = 0x4948_4156_454F_5054;

    public const ulong OptionReplyMagic = 0x0003_E889_0455_65A9;
    public const uint RequestMagic = 0x2560_9513;
    public const uint SimpleReplyMagic = 0x6744_6698;
    public const uint StructuredReplyMagic = 0x668E_33EF;

    /// <summary>Magic, magic, handshake flags.</summary>
    public const int GreetingSize = 18;

    /// <summary>The client's 32 flags.</summary>
    public const int ClientFlagsSize = 4;

    /// <summary>Magic, option, length of its data.</summary>
    public const int OptionSize = 16;

    /// <summary>Magic, option, type, length of its data.</summary>
    public const int OptionReplySize = 20;

    /// <summary>Magic, flags, type, cookie, offset, length.</summary>
    public const int RequestSize = 28;

    /// <summary>Magic, error, cookie.</summary>
    public const int SimpleReplySize = 16;

    /// <summary>Magic, flags, type, cookie, length.</summary>
    public const int StructuredReplySize = 20;

    /// <summary>What follows the export's size and flags in the answer to EXPORT_NAME, unless NO_ZEROES was agreed.</summary>
    public const int ExportNamePadding = 124;

    /// <summary>A string's greatest length.</summary>
    public const int StringMax = 4096;

    /// <summary>The number under which this server's only metadata context, <c>base:allocation</c>, is spoken of.</summary>
    public const uint AllocationContext = 1;

    /// <summary>Context, then a length and flags for each extent: of a BLOCK_STATUS chunk with one extent.</summary>
    public const int OneExtentSize = 12;

    /// <summary>The payload that every server should take and bring.</summary>
    public const int PayloadMax = 1 << 25;
}

/// <summary>The server's first flags.</summary>
[Flags]
public enum NbdHandshakeFlags : ushort
{
    None = 0,
    FixedNewstyle = 1,
    NoZeroes = 2,
}

/// <summary>The client's answer to them.</summary>
[Flags]
public enum NbdClientFlags : uint
{
    None = 0,
    FixedNewstyle = 1,
    NoZeroes = 2,
}

/// <summary>What an export can do.</summary>
[Flags]
public enum NbdTransmissionFlags : ushort
{
    None = 0,
    HasFlags = 1,
    ReadOnly = 1 << 1,
    SendFlush = 1 << 2,
    SendFua = 1 << 3,
    Rotational = 1 << 4,
    SendTrim = 1 << 5,
    SendWriteZeroes = 1 << 6,
    SendDf = 1 << 7,
    CanMultiConn = 1 << 8,
    SendResize = 1 << 9,
    SendCache = 1 << 10,
    SendFastZero = 1 << 11,
}

public enum NbdOption : uint
{
    ExportName = 1,
    Abort = 2,
    List = 3,
    PeekExport = 4,
    StartTls = 5,
    Info = 6,
    Go = 7,
    StructuredReply = 8,
    ListMetaContext = 9,
    SetMetaContext = 10,
    ExtendedHeaders = 11,
}

/// <summary>The type of an answer to an option; errors have bit 31.</summary>
public enum NbdOptionReply : uint
{
    Ack = 1,
    Server = 2,
    Info = 3,
    MetaContext = 4,
    ErrUnsup = (1U << 31) + 1,
    ErrPolicy = (1U << 31) + 2,
    ErrInvalid = (1U << 31) + 3,
    ErrPlatform = (1U << 31) + 4,
    ErrTlsReqd = (1U << 31) + 5,
    ErrUnknown = (1U << 31) + 6,
    ErrShutdown = (1U << 31) + 7,
    ErrBlockSizeReqd = (1U << 31) + 8,
    ErrTooBig = (1U << 31) + 9,
}

public enum NbdInfo : ushort
{
    Export = 0,
    Name = 1,
    Description = 2,
    BlockSize = 3,
}

public enum NbdCommand : ushort
{
    Read = 0,
    Write = 1,
    Disc = 2,
    Flush = 3,
    Trim = 4,
    Cache = 5,
    WriteZeroes = 6,
    BlockStatus = 7,
    Resize = 8,
}

[Flags]
public enum NbdCommandFlags : ushort
{
    None = 0,
    Fua = 1,
    NoHole = 2,
    Df = 4,
    ReqOne = 8,
    FastZero = 16,
}

[Flags]
public enum NbdReplyFlags : ushort
{
    None = 0,
    Done = 1,
}

/// <summary>The type of a chunk of a structured reply; errors have bit 15.</summary>
public enum NbdReplyType : ushort
{
    None = 0,
    OffsetData = 1,
    OffsetHole = 2,
    BlockStatus = 5,
    Error = (1 << 15) + 1,
    ErrorOffset = (1 << 15) + 2,
}

/// <summary>The errors that a reply can carry.</summary>
public enum NbdError : uint
{
    None = 0,
    EPERM = 1,
    EIO = 5,
    ENOMEM = 12,
    EINVAL = 22,
    ENOSPC = 28,
    EOVERFLOW = 75,
    ENOTSUP = 95,
    ESHUTDOWN = 108,
}
