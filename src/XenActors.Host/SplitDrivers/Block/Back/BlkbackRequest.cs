using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Back;

public enum BlkbackPhase : byte
{
    /// <summary>The slab's place is free.</summary>
    Free,

    /// <summary>The pages with an indirect request's segments are being mapped.</summary>
    Indirect,

    /// <summary>A barrier waits for all that is in flight.</summary>
    Draining,

    /// <summary>Data pages are being mapped.</summary>
    Mapping,

    /// <summary>A barrier's flush before its data.</summary>
    Flushing,

    Disk,

    Unmapping,
}

/// <summary>A request between ring and disk; its place in the ring's slab is used again and again.</summary>
[Codec]
public sealed partial class BlkbackRequest
{
    public BlkbackPhase Phase { get; set; }

    /// <summary>How often the place was used: a late answer to an earlier request is told apart by it.</summary>
    public uint Use { get; set; }

    public ulong Id { get; set; }

    /// <summary>The index of its slot: only who has a reason to look there again needs it.</summary>
    public uint Slot { get; set; }

    /// <summary>What is asked for, for an indirect request the inner operation; the response echoes it.</summary>
    public BlkifOp Operation { get; set; }

    public ulong Sector { get; set; }

    public ulong Sectors { get; set; }

    public int Segments { get; set; }

    /// <summary>Per segment: grant reference, first and last sector.</summary>
    public uint[] Refs { get; set; } = [];

    public byte[] First { get; set; } = [];

    public byte[] Last { get; set; } = [];

    /// <summary>Per segment: how its page is mapped.</summary>
    public BlkbackMapping[] Mapped { get; set; } = [];

    /// <summary>Per segment: the handle of a mapping that ends with this request.</summary>
    public uint[] Handles { get; set; } = [];

    /// <summary>Per segment: what the page holds, for a write and for a page whose other sectors are to stay.</summary>
    public ReadOnlyMemory<byte>[] Pages { get; set; } = [];

    /// <summary>The same of the pages that hold an indirect request's segments; 8 at most.</summary>
    public int IndirectPages { get; set; }

    public BlkifStatus Status { get; set; }

    /// <summary>What a read brought.</summary>
    public byte[] Data { get; set; } = [];

    /// <summary>The disk has not done what was asked, or a grant could not be mapped: the ring rests for a moment after the answer.</summary>
    public bool BacksOff { get; set; }

    /// <summary>Has room for so many segments, and starts with none of its own.</summary>
    public void Take(ulong id, BlkifOp operation, ulong sector)
    {
        Use = unchecked(Use + 1);
        Id = id;
        Operation = operation;
        Sector = sector;
        Sectors = 0;
        Segments = 0;
        IndirectPages = 0;
        Status = BlkifStatus.Okay;
        BacksOff = false;
    }

    public void Reserve(int segments)
    {
        if (Refs.Length < segments)
        {
            var length = Math.Max(segments, BlkifLimits.MaxSegmentsPerRequest);
            Refs = new uint[length];
            First = new byte[length];
            Last = new byte[length];
            Mapped = new BlkbackMapping[length];
            Handles = new uint[length];
            Pages = new ReadOnlyMemory<byte>[length];
        }
    }
}

public enum BlkbackMapping : byte
{
    None,

    /// <summary>For this request only.</summary>
    Own,

    Persistent,
}
