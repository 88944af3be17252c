using System.Buffers.Text;
using System.Text;
using XenActors.Simulation;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// Appends lines to a recording. They are kept until there are enough of them or somebody calls <see cref="Flush"/>; what has been drained is there
/// whatever becomes of this process. The first write that fails is remembered, and nothing more is written.
/// </summary>
public sealed class RecordingWriter : IDisposable
{
    private const int Enough = 64 * 1024;

    // Then whoever records waits for the disk.
    private const long QueueMax = 32 << 20;

    // Copied, up to here: a write of its own would be dearer.
    private const int CopyMax = 32 * 1024;

    private readonly FileStream _file;
    private readonly WrittenBehind _behind;
    private byte[] _buffer = new byte[2 * Enough];
    private int _length;

    // Where the line begins that is being written.
    private int _line;

    // What the thread has not written yet, its lock too; and buffers to be used again.
    private readonly Queue<(byte[] Bytes, int Length, bool Own)> _queue = new();
    private readonly Stack<byte[]> _free = new();
    private Thread? _thread;
    private long _queued;
    private bool _over;
    private volatile IOException? _failure;

    private RecordingWriter(string path, FileStream file)
    {
        Path = path;
        _file = file;
        _behind = new(file);
    }

    public string Path { get; }

    /// <summary>Why the recording is not whole; null when it is.</summary>
    public IOException? Failure
    {
        get => _failure;
        private set => _failure = value;
    }

    /// <summary>Whether something would be lost if this process were killed now.</summary>
    public bool Waiting => _length > 0;

    /// <summary>Begins a recording. A file that is one already is replaced, any other is left alone.</summary>
    /// <exception cref="UserErrorException">There cannot be such a file.</exception>
    public static RecordingWriter Create(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new UserErrorException($"{path}: is a directory, not a file for a recording");
            }

            // No buffer below this one: nothing is left to fail when the file is closed.
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var file = new FileStream(path, options);
            var head = new byte[RecordingHeader.Magic.Length];
            var length = file.CanSeek ? file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) : 0;
            if (length > 0 && Encoding.ASCII.GetString(head, 0, length) != RecordingHeader.Magic)
            {
                file.Dispose();
                throw new UserErrorException($"{path}: exists and is no recording");
            }

            if (file.CanSeek)
            {
                file.SetLength(0);
                file.Position = 0;
            }

            return new(path, file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserErrorException($"{path}: cannot be written: {cause.Message}", cause);
        }
    }

    /// <summary>Begins a line of the header.</summary>
    public RecordingWriter Line(ReadOnlySpan<byte> keyword)
    {
        _line = _length;
        Room(keyword.Length);
        Append(keyword);
        return this;
    }

    /// <summary>Begins a line about a moment.</summary>
    public RecordingWriter Line(VirtualTime time, ReadOnlySpan<byte> channel)
    {
        _line = _length;
        Room(24);
        Utf8Formatter.TryFormat(time.Nanoseconds, _buffer.AsSpan(_length), out var written);
        _length += written;
        return Word(channel);
    }

    /// <summary>A field that is plain.</summary>
    public RecordingWriter Word(ReadOnlySpan<byte> text)
    {
        Room(text.Length + 1);
        _buffer[_length++] = (byte)' ';
        Append(text);
        return this;
    }

    public RecordingWriter Word(string text) => Word(Encoding.ASCII.GetBytes(text).AsSpan());

    public RecordingWriter Number(long value)
    {
        Room(24);
        _buffer[_length++] = (byte)' ';
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_length), out var written);
        _length += written;
        return this;
    }

    /// <summary>A field of any text that others follow.</summary>
    public RecordingWriter Name(string text) => Escaped(Encoding.UTF8.GetBytes(text), word: true);

    /// <summary>The last field, of any bytes.</summary>
    public RecordingWriter Bytes(ReadOnlySpan<byte> bytes) => Escaped(bytes, word: false);

    /// <summary>The last field, of many bytes: <c>zeros</c>, or <c>data</c> and their number, and the bytes as they are in a block before the line.</summary>
    public RecordingWriter Bulk(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExcept((byte)0))
        {
            return Word("zeros"u8);
        }

        var line = BeginBlock(bytes.Length);
        Room(bytes.Length + 1);
        Append(bytes);
        return EndBlock(line, bytes.Length);
    }

    /// <summary>The same, of bytes that nobody changes any more: many of them are written from where they are.</summary>
    public RecordingWriter Bulk(byte[] bytes)
    {
        if (bytes.Length <= CopyMax || !bytes.AsSpan().ContainsAnyExcept((byte)0))
        {
            return Bulk(bytes.AsSpan());
        }

        var line = BeginBlock(bytes.Length);
        Enqueue(bytes);
        return EndBlock(line, bytes.Length);
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        Room(1);
        _buffer[_length++] = (byte)'\n';
        if (_length >= Enough)
        {
            Flush();
        }
    }

    /// <summary>Has what waits handed to the operating system, soon: by a thread of its own, so that a simulation goes on while a disk is slow.</summary>
    public void Flush()
    {
        if (_length == 0)
        {
            return;
        }

        Enqueue(null);
    }

    /// <summary>Hands what waits to the operating system before it returns.</summary>
    public void Drain()
    {
        Flush();
        lock (_queue)
        {
            while (_queued > 0)
            {
                Monitor.Wait(_queue);
            }
        }
    }

    public void Dispose()
    {
        Drain();
        lock (_queue)
        {
            _over = true;
            Monitor.PulseAll(_queue);
        }

        _thread?.Join();
        _file.Dispose();
    }

    private void WriteAll()
    {
        while (true)
        {
            (byte[] Bytes, int Length, bool Own) next;
            lock (_queue)
            {
                while (!_queue.TryDequeue(out next))
                {
                    if (_over)
                    {
                        return;
                    }

                    Monitor.Wait(_queue);
                }
            }

            try
            {
                if (Failure is null)
                {
                    _file.Write(next.Bytes, 0, next.Length);
                    _behind.Wrote(next.Length);
                }
            }
            catch (IOException cause)
            {
                Failure = cause;
            }

            lock (_queue)
            {
                _queued -= next.Length;
                if (next.Own)
                {
                    _free.Push(next.Bytes);
                }

                Monitor.PulseAll(_queue);
            }
        }
    }

    // The buffer, and behind it, if there is one, somebody else's bytes.
    private void Enqueue(byte[]? others)
    {
        lock (_queue)
        {
            while (_queued >= QueueMax)
            {
                Monitor.Wait(_queue);
            }

            if (_thread is null)
            {
                _thread = new Thread(WriteAll) { IsBackground = true, Name = "recording" };
                _thread.Start();
            }

            _queue.Enqueue((_buffer, _length, true));
            _queued += _length;
            if (!_free.TryPop(out _buffer!))
            {
                _buffer = new byte[2 * Enough];
            }

            if (others is not null)
            {
                _queue.Enqueue((others, others.Length, false));
                _queued += others.Length;
            }

            Monitor.PulseAll(_queue);
        }

        _length = 0;
    }

    // Returns the line as far as it is written; the block stands before it.
    private byte[] BeginBlock(int length)
    {
        var line = _buffer[_line.._length];
        _length = _line;
        Room(RecordingReader.BlockKeyword.Length);
        Append(RecordingReader.BlockKeyword);
        Number(length);
        Room(1);
        _buffer[_length++] = (byte)'\n';
        return line;
    }

    private RecordingWriter EndBlock(byte[] line, int length)
    {
        Room(line.Length + 1);
        _buffer[_length++] = (byte)'\n';
        _line = _length;
        Append(line);
        return Word("data"u8).Number(length);
    }

    private RecordingWriter Escaped(ReadOnlySpan<byte> bytes, bool word)
    {
        Room((bytes.Length * RecordingText.Growth) + 3);
        _buffer[_length++] = (byte)' ';
        _length += RecordingText.Escape(bytes, _buffer.AsSpan(_length), word);
        return this;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    private void Room(int length)
    {
        if (_length + length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _length + length));
        }
    }
}
