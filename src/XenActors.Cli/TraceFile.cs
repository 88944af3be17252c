using XenActors.Experiments;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary>The file behind <c>--trace</c>. The first write that fails is remembered and told at the end.</summary>
internal sealed class TraceFile : ITraceSink, IDisposable
{
    private readonly FileInfo _file;
    private readonly StreamWriter _writer;
    private IOException? _failure;

    /// <exception cref="UserErrorException">The file cannot be made.</exception>
    public TraceFile(FileInfo file)
    {
        _file = file;
        try
        {
            // No buffer below the writer's: nothing is left to fail when the file is closed.
            _writer = new StreamWriter(new FileStream(file.FullName, FileMode.Create, FileAccess.Write, FileShare.Read, 0), bufferSize: 1 << 16);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserErrorException($"--trace {file}: {cause.Message}", cause);
        }
    }

    public void Record(in TraceRecord record)
    {
        if (_failure is not null)
        {
            return;
        }

        try
        {
            _writer.WriteLine(record.ToString());
        }
        catch (IOException cause)
        {
            _failure = cause;
        }
    }

    /// <exception cref="UserErrorException">Not everything could be written.</exception>
    public void Finish()
    {
        Dispose();
        if (_failure is not null)
        {
            throw new UserErrorException($"--trace {_file}: {_failure.Message}", _failure);
        }
    }

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException cause)
        {
            _failure ??= cause;
        }
    }
}
