namespace XenActors.DeviceModel.Ide;

internal enum AtapiResultKind
{
    /// <summary>Over, and well.</summary>
    Done,

    /// <summary>CHECK CONDITION with a sense key and code.</summary>
    Failed,

    /// <summary>A unit attention stands before the command; its sense stays.</summary>
    Attention,

    /// <summary>Not even a packet's error: the ATA command is aborted, without an interrupt.</summary>
    Aborted,

    Reply,
    Read,
}

/// <summary>What a packet command comes to.</summary>
internal readonly record struct AtapiResult(AtapiResultKind Kind)
{
    public byte SenseKey { get; init; }

    public byte Asc { get; init; }

    public byte[] Data { get; init; } = [];

    /// <summary>The packet's allocation length.</summary>
    public int Limit { get; init; }

    public long Lba { get; init; }

    public long Blocks { get; init; }

    public int BlockSize { get; init; }

    public static AtapiResult Done => new(AtapiResultKind.Done);

    public static AtapiResult Fail(byte key, byte asc) => new(AtapiResultKind.Failed) { SenseKey = key, Asc = asc };

    public static AtapiResult Reply(byte[] data, int limit) => new(AtapiResultKind.Reply) { Data = data, Limit = limit };
}
