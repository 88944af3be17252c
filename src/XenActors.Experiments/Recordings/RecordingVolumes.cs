using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// A session's volumes, and a line in its recording for every read that tells something new: something that the simulation has neither read nor written
/// before. A replay then needs no image, and an image that has changed changes no replay.
/// </summary>
internal sealed class RecordingVolumes(IVolumes volumes, RecordingWriter recording) : IVolumes
{
    private readonly Dictionary<VolumeId, (string Path, VolumeInfo Info, KnownSectors Known)> _opened = [];
    private long _reads;
    private long _changes;

    /// <summary>Set when the simulation stands.</summary>
    public Simulator? Simulator { get; set; }

    private VirtualTime Now => Simulator?.Now ?? VirtualTime.Zero;

    public VolumeInfo? Find(string path)
    {
        var info = volumes.Find(path);
        if (info is not null && !_opened.ContainsKey(info.Id))
        {
            _opened.Add(info.Id, (path, info, new()));
        }

        return info;
    }

    public VolumeInfo? Find(VolumeId volume) => volumes.Find(volume);

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        var ok = volumes.Read(volume, offset, data);
        _reads++;
        var (path, _, known) = _opened[volume];
        if (!ok)
        {
            Line(path, offset, data.Length).Word("failed"u8).End();
            return false;
        }

        if (offset % KnownSectors.SectorSize != 0 || data.Length % KnownSectors.SectorSize != 0)
        {
            Line(path, offset, data.Length).Bulk(data).End();
            return true;
        }

        for (var at = 0; at < data.Length;)
        {
            var sector = (offset + (ulong)at) / KnownSectors.SectorSize;
            var length = known.Run(sector, data[at..], out var isKnown) * KnownSectors.SectorSize;
            if (!isKnown)
            {
                var news = data.Slice(at, length);
                known.Put(sector, news);
                Line(path, offset + (ulong)at, length).Bulk(news).End();
            }

            at += length;
        }

        return true;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data)
    {
        var ok = volumes.Write(volume, offset, data);
        if (Changed(volume, offset, (ulong)data.Length, ok) is { } known)
        {
            if (ok)
            {
                known.Put(offset / KnownSectors.SectorSize, data);
            }
            else
            {
                known.Forget(offset / KnownSectors.SectorSize, (ulong)data.Length / KnownSectors.SectorSize);
            }
        }

        return ok;
    }

    public bool Flush(VolumeId volume)
    {
        var ok = volumes.Flush(volume);
        Changed(volume, 0, 0, ok);
        return ok;
    }

    public bool Discard(VolumeId volume, ulong offset, ulong length)
    {
        var ok = volumes.Discard(volume, offset, length);
        if (Changed(volume, offset, length, ok) is { } known)
        {
            if (ok)
            {
                known.PutZeros(offset / KnownSectors.SectorSize, length / KnownSectors.SectorSize);
            }
            else
            {
                known.Forget(offset / KnownSectors.SectorSize, length / KnownSectors.SectorSize);
            }
        }

        return ok;
    }

    private RecordingWriter Line(string path, ulong offset, int length) =>
        recording.Line(Now, "volume"u8).Number(_reads).Name(path).Number((long)offset).Number(length);

    // What it knew of the volume; null when nobody can have changed anything there.
    private KnownSectors? Changed(VolumeId volume, ulong offset, ulong length, bool ok)
    {
        _changes++;
        if (!_opened.TryGetValue(volume, out var opened) || !RecordedVolumes.MayChange(opened.Info, offset, length))
        {
            return null;
        }

        if (!ok)
        {
            recording.Line(Now, "refused"u8).Number(_changes).End();
        }

        return opened.Known;
    }
}
