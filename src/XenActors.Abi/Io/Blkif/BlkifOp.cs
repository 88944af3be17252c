namespace XenActors.Abi;

/// <summary>What a block request asks for. Source: <c>public/io/blkif.h</c>.</summary>
[XenConstants("BLKIF_OP_")]
public enum BlkifOp : byte
{
    Read = 0,
    Write = 1,
    WriteBarrier = 2,
    FlushDiskcache = 3,
    Reserved1 = 4,
    Discard = 5,
    Indirect = 6,
}
