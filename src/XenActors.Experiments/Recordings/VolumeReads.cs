using XenActors.Machine.Disks;

namespace XenActors.Experiments.Recordings;

/// <summary>What a read has brought.</summary>
internal readonly record struct VolumeRead(bool Ok, byte[]? Data);

/// <summary>What each place of each volume held when it was last read.</summary>
internal sealed class VolumeReads
{
    private readonly Dictionary<(VolumeId Volume, ulong Offset, int Length), VolumeRead> _reads = [];

    public VolumeRead? Find(VolumeId volume, ulong offset, int length) => _reads.TryGetValue((volume, offset, length), out var read) ? read : null;

    public void Put(VolumeId volume, ulong offset, int length, VolumeRead read) => _reads[(volume, offset, length)] = read;
}
