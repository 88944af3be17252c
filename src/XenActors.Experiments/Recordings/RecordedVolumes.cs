using XenActors.Machine.Disks;

namespace XenActors.Experiments.Recordings;

/// <summary>The volumes of a replay: what was read in the recorded session is read again. What is written goes nowhere.</summary>
internal sealed class RecordedVolumes(IReadOnlyList<RecordedVolume> volumes) : IVolumes
{
    private readonly Queue<(long Number, VolumeId Volume, ulong Offset, int Length, VolumeRead Read)> _told = new();
    private readonly VolumeReads _known = new();
    private long _reads;

    /// <summary>The first read that the recording does not have: the history is another one.</summary>
    public string? Missing { get; private set; }

    public VolumeInfo? Find(string path) => volumes.FirstOrDefault(v => v.Path == path)?.Info;

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        _reads++;
        while (_told.TryPeek(out var next) && next.Number <= _reads)
        {
            _told.Dequeue();
            _known.Put(next.Volume, next.Offset, next.Length, next.Read);
        }

        if (_known.Find(volume, offset, data.Length) is not { } known)
        {
            Missing ??= string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{data.Length} bytes of {volumes.FirstOrDefault(v => v.Info.Id == volume)?.Path} at {offset}");
            return false;
        }

        known.Data?.CopyTo(data);
        return known.Ok;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data) =>
        Find(volume) is { ReadOnly: false } info && offset + (ulong)data.Length <= info.Sectors * 512;

    public bool Flush(VolumeId volume) => Find(volume) is not null;

    public bool Discard(VolumeId volume, ulong offset, ulong length) =>
        Find(volume) is { ReadOnly: false } info && offset <= info.Sectors * 512 && length <= (info.Sectors * 512) - offset;

    public VolumeInfo? Find(VolumeId volume) => volumes.FirstOrDefault(v => v.Info.Id == volume)?.Info;

    /// <summary>Takes a line's fields after its channel.</summary>
    public void Take(ref RecordingLine line)
    {
        var number = line.Number("a read's number", 1, long.MaxValue);
        var path = line.Name("a path");
        var offset = line.Unsigned("an offset", long.MaxValue);
        var length = (int)line.Number("a length", 0, 1 << 30);
        var word = line.Word("ok, zeros or failed");
        var zeros = word.SequenceEqual("zeros"u8);
        var ok = word.SequenceEqual("ok"u8);
        if (!ok && !zeros && !word.SequenceEqual("failed"u8))
        {
            throw line.Wrong("ok, zeros or failed");
        }

        var data = line.Bytes("bytes");
        if (data.Length != (ok ? length : 0))
        {
            throw line.Mistake(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"expected {(ok ? length : 0)} bytes but found {data.Length}"));
        }

        data = zeros ? new byte[length] : data;
        _told.Enqueue((number, Find(path)?.Id ?? VolumeId.None, offset, length, new(ok || zeros, ok || zeros ? data : null)));
    }
}
