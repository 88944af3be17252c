using XenActors.Machine.Disks;

namespace XenActors.Experiments.Volumes;

/// <summary>
/// Volumes whose writes stay in memory, above a base that nobody writes meanwhile. What is above can be saved and loaded, so that a run that is continued
/// from a checkpoint sees the bytes of that moment, whatever has become of the run that made it.
/// </summary>
public sealed class OverlayVolumes(IVolumes below) : IVolumes
{
    private const int PageBytes = 4096;

    private readonly SortedDictionary<(int Volume, ulong Page), byte[]> _pages = [];
    private readonly SortedDictionary<int, ulong> _grown = [];

    /// <summary>Nothing was written.</summary>
    public bool IsEmpty => _pages.Count == 0 && _grown.Count == 0;

    public VolumeInfo? Find(string path) => below.Find(path);

    public VolumeInfo? Find(VolumeId volume) => below.Find(volume);

    public bool Read(VolumeId volume, ulong offset, Span<byte> data)
    {
        if (!below.Read(volume, offset, data))
        {
            return false;
        }

        for (var done = 0; done < data.Length;)
        {
            var (page, at) = Math.DivRem(offset + (ulong)done, PageBytes);
            var piece = data.Slice(done, Math.Min(data.Length - done, PageBytes - (int)at));
            if (_pages.TryGetValue((volume.Number, page), out var bytes))
            {
                bytes.AsSpan((int)at, piece.Length).CopyTo(piece);
            }

            done += piece.Length;
        }

        return true;
    }

    public bool Write(VolumeId volume, ulong offset, ReadOnlySpan<byte> data)
    {
        if (!IsWritable(volume, offset, (ulong)data.Length))
        {
            return false;
        }

        for (var done = 0; done < data.Length;)
        {
            var (page, at) = Math.DivRem(offset + (ulong)done, PageBytes);
            var piece = data.Slice(done, Math.Min(data.Length - done, PageBytes - (int)at));
            piece.CopyTo(Page(volume, page).AsSpan((int)at));
            done += piece.Length;
        }

        return true;
    }

    public bool Flush(VolumeId volume) => below.Flush(volume);

    public bool Grow(VolumeId volume, ulong sectors)
    {
        if (!below.Grow(volume, sectors))
        {
            return false;
        }

        _grown[volume.Number] = sectors;
        return true;
    }

    public bool Discard(VolumeId volume, ulong offset, ulong length)
    {
        if (!IsWritable(volume, offset, length))
        {
            return false;
        }

        for (ulong done = 0; done < length;)
        {
            var (page, at) = Math.DivRem(offset + done, PageBytes);
            var piece = Math.Min(length - done, PageBytes - at);
            Page(volume, page).AsSpan((int)at, (int)piece).Clear();
            done += piece;
        }

        return true;
    }

    /// <summary>What lies above the base.</summary>
    public byte[] Save()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(_grown.Count);
        foreach (var (volume, sectors) in _grown)
        {
            writer.Write(volume);
            writer.Write(sectors);
        }

        writer.Write(_pages.Count);
        foreach (var (key, page) in _pages)
        {
            writer.Write(key.Volume);
            writer.Write(key.Page);
            writer.Write(page);
        }

        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">It is not what <see cref="Save"/> has made.</exception>
    public void Load(byte[] saved)
    {
        _pages.Clear();
        using var reader = new BinaryReader(new MemoryStream(saved));
        try
        {
            for (var n = reader.ReadInt32(); n > 0; n--)
            {
                _ = Grow(new(reader.ReadInt32()), reader.ReadUInt64());
            }

            for (var n = reader.ReadInt32(); n > 0; n--)
            {
                var key = (reader.ReadInt32(), reader.ReadUInt64());
                _pages[key] = reader.ReadBytes(PageBytes) is { Length: PageBytes } page ? page : throw new EndOfStreamException();
            }
        }
        catch (EndOfStreamException cause)
        {
            throw new InvalidDataException("the volumes' bytes end too early", cause);
        }
    }

    /// <summary>At the end of a run: all that lies above goes down.</summary>
    public void Commit()
    {
        foreach (var ((number, page), bytes) in _pages)
        {
            var volume = new VolumeId(number);
            var size = SizeOf(volume);
            var length = (int)Math.Min(PageBytes, size - (page * PageBytes));
            if (!bytes.AsSpan(0, length).ContainsAnyExcept((byte)0) && below.Discard(volume, page * PageBytes, (ulong)length))
            {
                continue;
            }

            _ = below.Write(volume, page * PageBytes, bytes.AsSpan(0, length));
        }

        _pages.Clear();
    }

    private bool IsWritable(VolumeId volume, ulong offset, ulong length) =>
        below.Find(volume) is { ReadOnly: false } && offset <= SizeOf(volume) && length <= SizeOf(volume) - offset;

    private ulong SizeOf(VolumeId volume) => Math.Max(below.Find(volume)?.Sectors ?? 0, _grown.GetValueOrDefault(volume.Number)) * 512;

    private byte[] Page(VolumeId volume, ulong page)
    {
        if (!_pages.TryGetValue((volume.Number, page), out var bytes))
        {
            bytes = new byte[PageBytes];
            var length = (int)Math.Min(PageBytes, SizeOf(volume) - (page * PageBytes));
            _ = below.Read(volume, page * PageBytes, bytes.AsSpan(0, length));
            _pages.Add((volume.Number, page), bytes);
        }

        return bytes;
    }
}
