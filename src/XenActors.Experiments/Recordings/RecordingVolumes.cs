using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// A session's volumes, and a line in its recording for every read that tells something new: a replay then needs no image, and an image
/// that has changed changes no replay.
/// </summary>
internal sealed class RecordingVolumes(IVolumes volumes, RecordingWriter recording) : IVolumes
{
    private readonly VolumeReads _known = new();
    private readonly Dictionary<VolumeId, string> _paths = [];
    private long _reads;

    /// <summary>Set when the simulation stands.</summary>
    public Simulator? Simulator { get; set; }

    public VolumeInfo? Find(string path)
    {
        var info = volumes.Find(path);
        if (info is not null)
        {
            _paths[info.Id] = path;
        }

        return info;
    }

    public VolumeInfo? Find(VolumeId volume) => volumes.Find(volume);

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        var ok = volumes.Read(volume, offset, data);
        _reads++;
        if (_known.Find(volume, offset, data.Length) is not { } known || known.Ok != ok || !data.SequenceEqual(known.Data))
        {
            var zeros = ok && !data.ContainsAnyExcept((byte)0);
            _known.Put(volume, offset, data.Length, new(ok, ok ? data.ToArray() : null));
            recording.Line(Simulator?.Now ?? VirtualTime.Zero, "volume"u8).Number(_reads).Name(_paths[volume]).Number((long)offset).Number(data.Length)
                .Word(!ok ? "failed"u8 : zeros ? "zeros"u8 : "ok"u8).Bytes(ok && !zeros ? data : []).End();
        }

        return ok;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data) => volumes.Write(volume, offset, data);

    public bool Flush(VolumeId volume) => volumes.Flush(volume);

    public bool Discard(VolumeId volume, ulong offset, ulong length) => volumes.Discard(volume, offset, length);
}
