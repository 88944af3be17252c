using XenActors.Abi;

namespace XenActors.SplitDrivers.Block;

/// <summary>blkif counts in sectors of 512 bytes, whatever the disk's blocks are.</summary>
internal static class BlkifSectors
{
    public const int Size = 512;
    public const int PerPage = Gfn.PageSize / Size;
}
