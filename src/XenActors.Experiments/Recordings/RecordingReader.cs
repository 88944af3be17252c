namespace XenActors.Experiments.Recordings;

/// <summary>The lines of a recording, one at a time, however long the file is.</summary>
internal sealed class RecordingReader : IDisposable
{
    // A configuration file of the greatest size, each byte escaped.
    private const int LineMax = 80 << 20;

    private readonly FileStream _file;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _next;
    private int _end;
    private bool _ended;
    private long _number;

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

    public string Path { get; }

    /// <summary>After the last line: whether a piece of one follows, as a killed session leaves it.</summary>
    public bool Torn { get; private set; }

    /// <summary>The next line, valid until the next call; false when there is none.</summary>
    public bool Next(out RecordingLine line)
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
                line = new(Path, _number, _buffer.AsSpan(_start, _next - 1 - _start));
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

    /// <summary>The line that was read last will come once more.</summary>
    public void Back()
    {
        _next = _start;
        _number--;
    }

    public void Dispose() => _file.Dispose();

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

        try
        {
            var read = _file.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _ended = read == 0;
        }
        catch (IOException cause)
        {
            throw new UserErrorException($"{Path}: cannot be read: {cause.Message}", cause);
        }

        return !_ended;
    }
}
