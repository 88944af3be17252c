using XenActors.Machine.Disks;

namespace XenActors.Tests.Toolstack.Libxl;

/// <summary>The recorded host's volumes, and whatever a test adds.</summary>
internal sealed class FakeVolumes : IVolumes
{
    public SortedDictionary<string, VolumeInfo> Known { get; } = new(StringComparer.Ordinal)
    {
        ["/dev/loop0"] = new(131072, true, "7:0", false, 4096, true) { Id = new(1) },
        ["/g/x.iso"] = new(728, false, "", true, 0, false) { Id = new(2) },
    };

    public VolumeInfo? Find(string path) => Known.GetValueOrDefault(path);

    public VolumeInfo? Find(VolumeId volume) => Known.Values.FirstOrDefault(v => v.Id == volume);

    public bool Read(VolumeId volume, ulong offset, Span<byte> data) => Known.Values.Any(v => v.Id == volume);

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data) => false;

    public bool Flush(VolumeId volume) => true;

    public bool Discard(VolumeId volume, ulong offset, ulong length) => false;
}
