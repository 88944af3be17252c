namespace XenActors.Machine.Disks;

/// <summary>
/// The port to the volumes of a host. Files are opened outside the simulation, before it begins; the disk actor reads and writes them in
/// virtual order.
/// </summary>
public interface IVolumes
{
    /// <summary>Null when the host has no such volume.</summary>
    VolumeInfo? Find(string path);

    /// <summary>Null when there is no volume of this number.</summary>
    VolumeInfo? Find(VolumeId volume);

    /// <summary>False when the bytes cannot be read.</summary>
    bool Read(VolumeId volume, ulong offset, Span<byte> data);

    /// <summary>
    /// The same as a message's body; null when the bytes cannot be read. A volume that lies in memory may give its own bytes, if it writes new ones instead
    /// of changing them: nobody changes a message's body.
    /// </summary>
    byte[]? Read(VolumeId volume, ulong offset, int length)
    {
        var data = GC.AllocateUninitializedArray<byte>(length);
        return Read(volume, offset, data) ? data : null;
    }

    bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data);

    bool Flush(VolumeId volume);

    /// <summary>Room for so many sectors from now on; what lies beyond the old end reads as zeroes. False where a volume cannot grow. Its information stays as it was.</summary>
    bool Grow(VolumeId volume, ulong sectors) => false;

    /// <summary>The bytes are not needed any more, and read as zeroes from now on.</summary>
    bool Discard(VolumeId volume, ulong offset, ulong length);
}

/// <summary>A volume as dom0 sees it.</summary>
/// <param name="Sectors">Of 512 bytes.</param>
/// <param name="IsBlockDevice">A block device (an LVM volume, a loop device) rather than a file.</param>
/// <param name="Device">Its device number, as <c>7:0</c> in hexadecimal, as the hotplug script writes it; empty for a file.</param>
/// <param name="ReadOnly">The volume may not be written.</param>
/// <param name="DiscardGranularity">Bytes; 0 when the volume cannot discard.</param>
/// <param name="Barrier">Whether blkback can offer barriers and flushes.</param>
public sealed record VolumeInfo(ulong Sectors, bool IsBlockDevice, string Device, bool ReadOnly, uint DiscardGranularity, bool Barrier)
{
    /// <summary>What requests call the volume by.</summary>
    public VolumeId Id { get; init; }
}
