using System.Globalization;

namespace XenActors.Experiments.Recordings;

/// <summary>The lines of a recording, one at a time, each with the block of bytes that stands before it, however long the file is.</summary>
internal sealed class RecordingReader : IDisposable
{
    // A configuration file of the greatest size, each byte escaped.
    private const int LineMax = 80 << 20;

    private const int BlockMax = 1 << 30;

    private readonly FileStream _file;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _next;
    private int _end;
    private bool _ended;
    private long _number;
    private byte[]? _block;
    private bool _again;

    /// <exception cref="UserErrorException">There is no such file, or it cannot be read.</exception>
    public RecordingReader(string path)
    {
        Path = path;
        try
        {
            _file = Directory.Exists(path)
                ? throw new UserErrorException($"{path}: is a directory, not a recording")
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{path}: no such recording", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"{path}: cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>The first word of a line that tells how many bytes follow it.</summary>
    public static ReadOnlySpan<byte> BlockKeyword => "block"u8;

    public string Path { get; }

    /// <summary>After the last line: whether a piece of one follows, as a killed session leaves it.</summary>
    public bool Torn { get; private set; }

    /// <summary>The next line, valid until the next call; false when there is none.</summary>
    public bool Next(out RecordingLine line)
    {
        if (!_again)
        {
            _block = null;
        }

        _again = false;
        while (NextText(out line))
        {
            if (_block is not null || !line.Is(BlockKeyword))
            {
                return true;
            }

            if (!TakeBlock(ref line))
            {
                break;
            }
        }

        // A block is a piece of the line that follows it.
        Torn |= _block is not null;
        line = default;
        return false;
    }

    /// <summary>The line that was read last will come once more.</summary>
    public void Back()
    {
        _next = _start;
        _number--;
        _again = true;
    }

    public void Dispose() => _file.Dispose();

    private bool NextText(out RecordingLine line)
    {
        var searched = _next;
        while (true)
        {
            var feed = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                _number++;
                _start = _next;
                _next = searched + feed + 1;
                line = new(Path, _number, _buffer.AsSpan(_start, _next - 1 - _start), _block);
                return true;
            }

            searched = _end;
            if (!Fill(ref searched))
            {
                Torn = _next < _end;
                line = default;
                return false;
            }
        }
    }

    // The bytes after their announcement, and the line feed behind them; false when the file ends before.
    private bool TakeBlock(ref RecordingLine line)
    {
        var length = (int)line.Number("a length", 1, BlockMax);
        line.End();
        Torn = true;
        var block = GC.AllocateUninitializedArray<byte>(length);
        var here = Math.Min(length, _end - _next);
        _buffer.AsSpan(_next, here).CopyTo(block);
        _next += here;
        for (int read; here < length; here += read)
        {
            if ((read = ReadFile(block, here, length - here)) == 0)
            {
                return false;
            }
        }

        if (_next == _end)
        {
            (_start, _next) = (0, 0);
            _end = ReadFile(_buffer, 0, _buffer.Length);
            if (_end == 0)
            {
                return false;
            }
        }

        _number += block.AsSpan().Count((byte)'\n') + 1;
        if (_buffer[_next++] != '\n')
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{Path}:{_number}:1: expected the end of a block of {length} bytes but found more of it"));
        }

        Torn = false;
        _block = block;
        return true;
    }

    private bool Fill(ref int searched)
    {
        if (_ended)
        {
            return false;
        }

        if (_end == _buffer.Length)
        {
            // Only the line that has begun is kept.
            var kept = _end - _next;
            if (kept > LineMax)
            {
                throw new UserErrorException($"{Path}:{_number + 1}:{LineMax}: expected the end of the line but found more than {LineMax} characters");
            }

            var to = kept > _buffer.Length / 2 ? new byte[2 * _buffer.Length] : _buffer;
            _buffer.AsSpan(_next, kept).CopyTo(to);
            _buffer = to;
            searched -= _next;
            (_start, _next, _end) = (0, 0, kept);
        }

        _end += ReadFile(_buffer, _end, _buffer.Length - _end);
        return !_ended;
    }

    // 0 at the end.
    private int ReadFile(byte[] to, int at, int most)
    {
        try
        {
            var read = _ended ? 0 : _file.Read(to, at, most);
            _ended = read == 0;
            return read;
        }
        catch (IOException cause)
        {
            throw new UserErrorException($"{Path}: cannot be read: {cause.Message}", cause);
        }
    }
}
