using XenActors.Machine.Disks;

namespace XenActors.Tests.Toolstack.Libxl;

/// <summary>The recorded host's volumes, and whatever a test adds.</summary>
internal sealed class FakeVolumes : IVolumes
{
    public SortedDictionary<string, VolumeInfo> Known { get; } = new(StringComparer.Ordinal)
    {
        ["/dev/loop0"] = new(131072, true, "7:0", false, 4096, true),
        ["/g/x.iso"] = new(728, false, "", true, 0, false),
    };

    public VolumeInfo? Find(string path) => Known.GetValueOrDefault(path);

    public bool Read(string path, ulong offset, Span<byte> data) => Known.ContainsKey(path);

    public bool Write(string path, ulong offset, ReadOnlySpan<byte> data) => false;

    public bool Flush(string path) => true;

    public bool Discard(string path, ulong offset, ulong length) => false;
}
