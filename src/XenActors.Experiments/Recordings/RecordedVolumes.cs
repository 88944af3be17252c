using System.Globalization;
using XenActors.Experiments.Volumes;
using XenActors.Machine.Disks;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// The volumes of a replay: what was read in the recorded session is read again, and so is what the replay has written itself. It lies in files without
/// a name, as sparse as what is known of the volumes.
/// </summary>
internal sealed class RecordedVolumes(IReadOnlyList<RecordedVolume> volumes) : IVolumes, IDisposable
{
    private readonly Queue<(long Number, VolumeId Volume, ulong Offset, int Length, bool Failed, byte[] Data)> _told = new();
    private readonly Queue<long> _refused = new();
    private readonly ScratchVolume?[] _scratch = new ScratchVolume?[volumes.Count];
    private long _reads;
    private long _changes;

    /// <summary>The first read that the recording does not have: the history is another one.</summary>
    public string? Missing { get; private set; }

    /// <summary>Whether a volume takes such a change, as far as can be told without its file.</summary>
    public static bool MayChange(VolumeInfo info, ulong offset, ulong length) =>
        !info.ReadOnly && offset <= info.Sectors * KnownSectors.SectorSize && length <= (info.Sectors * KnownSectors.SectorSize) - offset;

    public VolumeInfo? Find(string path) => volumes.FirstOrDefault(v => v.Path == path)?.Info;

    public VolumeInfo? Find(VolumeId volume) => InfoOf(volume);

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        _reads++;
        var failed = false;
        while (_told.TryPeek(out var next) && next.Number <= _reads)
        {
            _told.Dequeue();
            failed |= next.Failed && next.Number == _reads;
            if (!next.Failed)
            {
                Scratch(next.Volume).Write(next.Offset, next.Data);
            }
        }

        if (failed)
        {
            return false;
        }

        if (InfoOf(volume) is null || !Scratch(volume).TryRead(offset, data))
        {
            Missing ??= string.Create(CultureInfo.InvariantCulture, $"{data.Length} bytes of {PathOf(volume)} at {offset}");
            return false;
        }

        return true;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data)
    {
        if (!Changes(volume, offset, (ulong)data.Length))
        {
            return false;
        }

        Scratch(volume).Write(offset, data);
        return true;
    }

    public bool Flush(VolumeId volume) => !Refused() && InfoOf(volume) is not null;

    public bool Discard(VolumeId volume, ulong offset, ulong length)
    {
        if (!Changes(volume, offset, length))
        {
            return false;
        }

        Scratch(volume).Clear(offset, length);
        return true;
    }

    /// <summary>Takes a line's fields after its channel; returns how many bytes it brought.</summary>
    public int Take(ref RecordingLine line)
    {
        var number = line.Number("a read's number", 1, long.MaxValue);
        var path = line.Name("a path");
        var volume = Find(path) ?? throw line.Wrong("the path of one of this host's volumes");
        var offset = line.Unsigned("an offset", long.MaxValue);
        var length = (int)line.Number("a length", 0, 1 << 30);
        if (offset + (ulong)length > volume.Sectors * KnownSectors.SectorSize)
        {
            throw line.Mistake(string.Create(CultureInfo.InvariantCulture, $"{length} bytes at {offset} are not within {path}"));
        }

        var failed = line.Is("failed"u8);
        var data = failed ? [] : line.Bulk(length);
        _told.Enqueue((number, volume.Id, offset, length, failed, data));
        return data.Length;
    }

    /// <summary>Takes a line of channel <c>refused</c>.</summary>
    public void TakeRefused(ref RecordingLine line) => _refused.Enqueue(line.Number("a change's number", 1, long.MaxValue));

    public void Dispose()
    {
        foreach (var scratch in _scratch)
        {
            scratch?.Dispose();
        }
    }

    private VolumeInfo? InfoOf(VolumeId volume) => volume.Number > 0 && volume.Number <= volumes.Count ? volumes[volume.Number - 1].Info : null;

    private string PathOf(VolumeId volume) => InfoOf(volume) is null ? volume.ToString() : volumes[volume.Number - 1].Path;

    private ScratchVolume Scratch(VolumeId volume) => _scratch[volume.Number - 1] ??= new(PathOf(volume), volumes[volume.Number - 1].Info.Sectors);

    private bool Changes(VolumeId volume, ulong offset, ulong length) => !Refused() && InfoOf(volume) is { } info && MayChange(info, offset, length);

    private bool Refused()
    {
        _changes++;
        if (!_refused.TryPeek(out var number) || number > _changes)
        {
            return false;
        }

        _refused.Dequeue();
        return number == _changes;
    }
}
