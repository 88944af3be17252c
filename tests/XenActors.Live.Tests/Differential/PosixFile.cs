using System.ComponentModel;
using System.Runtime.InteropServices;

namespace XenActors.Tests.Live.Differential;

/// <summary>The system calls that a guest without Xen needs: named pipes for event channels.</summary>
internal static partial class PosixFile
{
    /// <summary>How long a daemon may be silent.</summary>
    public const int PatienceMs = 20_000;

    private const int ReadWrite = 2;
    private const int Nonblock = 0x800;
    private const short PollIn = 1;
    private const ulong BytesWaiting = 0x541b; // FIONREAD

    /// <summary>Opens a named pipe for both directions, so that it never ends; makes it first if it is not there.</summary>
    public static int OpenFifo(string path)
    {
        _ = mkfifo(path, 0x180);
        var fd = open(path, ReadWrite | Nonblock);
        return fd >= 0 ? fd : throw new Win32Exception(Marshal.GetLastPInvokeError(), path);
    }

    public static void Write(int fd, uint number)
    {
        if (write(fd, in number, sizeof(uint)) != sizeof(uint)) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Reads away all that waits.</summary>
    public static void Drain(int fd)
    {
        Span<byte> sink = stackalloc byte[256];
        while (read(fd, ref MemoryMarshal.GetReference(sink), sink.Length) == sink.Length)
        {
        }
    }

    public static int Waiting(int fd) => ioctl(fd, BytesWaiting, out var count) == 0 ? count : throw new Win32Exception(Marshal.GetLastPInvokeError());

    /// <summary>Waits until something can be read; false if nothing came in time.</summary>
    public static bool Await(int fd)
    {
        var poll = new PollFd { Fd = fd, Events = PollIn };
        return PosixFile.poll(ref poll, 1, PatienceMs) > 0;
    }

    public static void Close(int fd) => _ = close(fd);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, in uint bytes, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, ref byte bytes, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, ulong request, out int value);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollFd fds, ulong count, int timeout);
}
