using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

public enum FioPattern : byte
{
    Read,
    Write,
    RandRead,
    RandWrite,
    ReadWrite,
    RandRw,

    /// <summary>Nothing is written: blocks are given back, in order or anywhere.</summary>
    Trim,
    RandTrim,
}

/// <summary>How a job gives blocks back.</summary>
public enum FioTrimMode : byte
{
    /// <summary>BLKDISCARD, which is what fio does.</summary>
    Discard,

    /// <summary>BLKSECDISCARD</summary>
    Secure,

    /// <summary>BLKZEROOUT</summary>
    Zeroes,
}

/// <summary>A block size and how many of a hundred transfers have it.</summary>
[Codec]
public readonly partial record struct FioBlockSize(int Bytes, int Percent);

/// <summary>One job of a job file, with fio's words for its settings (fio's HOWTO).</summary>
[Codec]
public sealed partial record FioJob
{
    public required string Name { get; init; }

    /// <summary>The device, as in the guest's <c>/dev</c>.</summary>
    public required string Filename { get; init; }

    /// <summary>Without its directory, as the guest's kernel names it.</summary>
    public string DiskName => Filename.StartsWith("/dev/", StringComparison.Ordinal) ? Filename[5..] : Filename;

    /// <summary>The guest's name; empty for the first.</summary>
    public string Guest { get; init; } = "";

    public FioPattern Pattern { get; init; }

    /// <summary>Percent of reads where both are done.</summary>
    public int ReadPercent { get; init; } = 50;

    /// <summary>One entry for <c>bs</c>, several for <c>bssplit</c>.</summary>
    public List<FioBlockSize> BlockSizes { get; init; } = [];

    /// <summary><c>bsrange</c>: multiples of the first entry up to this; 0 for none.</summary>
    public int BlockSizeMax { get; init; }

    public int IoDepth { get; init; } = 1;

    public int NumJobs { get; init; } = 1;

    /// <summary>Bytes; 0 for the rest of the device.</summary>
    public long Size { get; init; }

    public long Offset { get; init; }

    /// <summary>Zero for none.</summary>
    public VirtualDuration Runtime { get; init; }

    public bool TimeBased { get; init; }

    /// <summary>Transfers in all; 0 for no such limit.</summary>
    public long NumberIos { get; init; }

    public bool Direct { get; init; }

    /// <summary>A sync after so many writes; 0 for none.</summary>
    public int Fsync { get; init; }

    public bool EndFsync { get; init; }

    /// <summary>Random transfers may hit a block twice and leave out others.</summary>
    public bool NoRandomMap { get; init; }

    /// <summary>Every written sector is stamped, and reads are checked.</summary>
    public bool Verify { get; init; }

    /// <summary>What was written is read again at the end.</summary>
    public bool DoVerify { get; init; } = true;

    public FioTrimMode TrimMode { get; init; }

    /// <summary><c>sync=dsync</c>: each write is answered when it is durable.</summary>
    public bool Dsync { get; init; }

    /// <summary>Clean pages of the cache go before the job begins.</summary>
    public bool Invalidate { get; init; }

    public bool Reads => Pattern is FioPattern.Read or FioPattern.RandRead or FioPattern.ReadWrite or FioPattern.RandRw;

    public bool Writes => Pattern is FioPattern.Write or FioPattern.RandWrite or FioPattern.ReadWrite or FioPattern.RandRw;

    public bool Trims => Pattern is FioPattern.Trim or FioPattern.RandTrim;

    public bool Random => Pattern is FioPattern.RandRead or FioPattern.RandWrite or FioPattern.RandRw or FioPattern.RandTrim;

    /// <summary>As <c>rw=</c> has it.</summary>
    public string PatternName => Pattern switch
    {
        FioPattern.Read => "read",
        FioPattern.Write => "write",
        FioPattern.RandRead => "randread",
        FioPattern.RandWrite => "randwrite",
        FioPattern.ReadWrite => "rw",
        FioPattern.Trim => "trim",
        FioPattern.RandTrim => "randtrim",
        _ => "randrw",
    };

    public int BlockSizeMin => BlockSizes.Min(b => b.Bytes);

    public int BlockSizeLargest => Math.Max(BlockSizeMax, BlockSizes.Max(b => b.Bytes));

    /// <summary>What fio calls the way it asks the kernel: one at a time, or many.</summary>
    public string Engine => IoDepth == 1 ? "psync" : "libaio";
}
