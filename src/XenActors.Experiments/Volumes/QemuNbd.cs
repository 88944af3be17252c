using System.ComponentModel;
using System.Diagnostics;
using XenActors.Experiments.Nbd;

namespace XenActors.Experiments.Volumes;

/// <summary>
/// An image in a format of QEMU's, behind a <c>qemu-nbd</c> that is started for it and stopped with it. It serves one client and ends when that one
/// has left, so nothing of it stays, however this process ends.
/// </summary>
internal sealed class QemuNbd : IVolumeFile
{
    private const string Program = "qemu-nbd";

    private static readonly TimeSpan StartMost = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopMost = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("xenactors-nbd"); // 0700
    private readonly string _image;
    private readonly Process _server;
    private readonly Task<string> _words;
    private readonly NbdConnection _disk;
    private bool _broken;

    private QemuNbd(string image, string format, bool readOnly)
    {
        _image = image;
        try
        {
            var socket = Path.Combine(_directory.FullName, "socket");
            _server = Start(image, format, readOnly, socket);
            _words = _server.StandardError.ReadToEndAsync();
            _disk = Connect(socket);
        }
        catch
        {
            Stop();
            throw;
        }
    }

    public ulong Sectors => _disk.Size / 512;

    public bool ReadOnly => _disk.Flags.HasFlag(NbdTransmissionFlags.ReadOnly);

    /// <param name="format">As QEMU calls it.</param>
    /// <exception cref="UserErrorException">There is no qemu-nbd, or it does not open the image.</exception>
    public static QemuNbd Open(string image, string format, bool readOnly)
    {
        if (!File.Exists(image))
        {
            throw new UserErrorException($"{image}: {(Directory.Exists(image) ? "is a directory, not a disk image" : "no such disk image")}");
        }

        return new(image, format, readOnly);
    }

    public bool Read(ulong offset, Span<byte> data)
    {
        try
        {
            return !_broken && _disk.Read(offset, data) == NbdError.None;
        }
        catch (IOException)
        {
            return Break();
        }
    }

    public bool Write(ulong offset, ReadOnlySpan<byte> data)
    {
        try
        {
            return !_broken && _disk.Write(offset, data) == NbdError.None;
        }
        catch (IOException)
        {
            return Break();
        }
    }

    public bool Flush()
    {
        try
        {
            return !_broken && (!_disk.Flags.HasFlag(NbdTransmissionFlags.SendFlush) || _disk.Flush() == NbdError.None);
        }
        catch (IOException)
        {
            return Break();
        }
    }

    // A trim alone may leave what was there; zeroes may be holes.
    public bool Discard(ulong offset, ulong length)
    {
        try
        {
            return !_broken && _disk.WriteZeroes(offset, length) == NbdError.None;
        }
        catch (IOException)
        {
            return Break();
        }
    }

    public void Dispose()
    {
        if (!_broken)
        {
            try
            {
                _disk.Disconnect(); // it writes out what it has, then ends
            }
            catch (IOException)
            {
                Break();
            }
        }

        _disk.Dispose();
        Stop();
    }

    private bool Break()
    {
        _broken = true;
        return false;
    }

    // In a session of its own: an interrupt from the terminal is for us, and the image is closed in our time.
    private static Process Start(string image, string format, bool readOnly, string socket)
    {
        if (!IsInstalled(Program))
        {
            throw new UserErrorException($"{image}: images of format {format} are read through {Program}, which is missing (Debian: qemu-utils)");
        }

        var start = new ProcessStartInfo("setsid") { RedirectStandardError = true, RedirectStandardInput = true };
        string[] arguments =
        [
            Program, $"--socket={socket}", $"--format={format}", "--shared=1", "--discard=unmap", "--detect-zeroes=unmap", .. readOnly ? ["--read-only"] : Array.Empty<string>(), "--", image,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception cause)
        {
            throw new UserErrorException($"{image}: {Program} cannot be started: {cause.Message}", cause);
        }
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Any(d => File.Exists(Path.Combine(d, program)));

    private NbdConnection Connect(string socket)
    {
        var begun = Stopwatch.GetTimestamp();
        IOException? last = null;
        while (Stopwatch.GetElapsedTime(begun) < StartMost)
        {
            if (_server.HasExited)
            {
                throw new UserErrorException($"{_image}: {Program} does not open it: {Said()}");
            }

            if (File.Exists(socket))
            {
                try
                {
                    return NbdConnection.Open(socket);
                }
                catch (IOException cause)
                {
                    last = cause; // it does not listen yet
                }
            }

            Thread.Sleep(5);
        }

        throw new UserErrorException($"{_image}: {Program} does not serve it within {StartMost.TotalSeconds} s{(last is null ? "" : $": {last.Message}")}");
    }

    // Its words in one line, without its own name.
    private string Said()
    {
        var lines = _words.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.StartsWith($"{Program}: ", StringComparison.Ordinal) ? l[(Program.Length + 2)..] : l);
        return string.Join("; ", lines) is { Length: > 0 } words ? words : "it says nothing";
    }

    private void Stop()
    {
        if (_server is not null)
        {
            if (!_server.WaitForExit(_disk is null ? TimeSpan.Zero : StopMost))
            {
                _server.Kill();
                _server.WaitForExit();
            }

            _server.Dispose();
        }

        _directory.Delete(true);
    }
}
