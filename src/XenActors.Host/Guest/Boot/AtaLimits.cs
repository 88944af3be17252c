using XenActors.Guest.Block;

namespace XenActors.Guest.Boot;

/// <summary>What libata tells the block layer of a drive.</summary>
internal static class AtaLimits
{
    private const uint CdBlockSize = 2048;
    private const uint TrimGranularity = 512;

    // 128 KiB: what 28-bit commands can say (ATA_MAX_SECTORS), and what the ports' pages hold.
    private const uint MaxSectors = 256;

    public static DiskLimits Of(AtaDrive drive) => new()
    {
        LogicalBlockSize = drive.Packet ? CdBlockSize : DiskLimits.Plain.LogicalBlockSize,
        PhysicalBlockSize = drive.Packet ? CdBlockSize : DiskLimits.Plain.PhysicalBlockSize,
        MaxSectors = MaxSectors,
        QueueDepth = 1,
        WriteCache = drive.WriteCache,
        DiscardGranularity = drive.Trim ? TrimGranularity : 0,
    };
}
