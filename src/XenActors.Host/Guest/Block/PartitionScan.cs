namespace XenActors.Guest.Block;

/// <summary>How far a scan has come: the next sector that it must see, or what it found.</summary>
/// <param name="Wanted">Null when the scan has ended.</param>
/// <param name="Text">The tail of the kernel's line after the disk's name, as <c> xvda1 xvda2 &lt; xvda5 &gt;</c>.</param>
/// <param name="Warnings">Lines of their own, in order.</param>
public sealed record PartitionScan(ulong? Wanted, List<GuestPartition> Partitions, string Text, List<string> Warnings)
{
    public static PartitionScan Need(ulong sector) => new(sector, [], "", []);
}
