using System.Runtime.InteropServices;
using System.Text;
using XenActors.Experiments;

namespace XenActors.Live.Native;

/// <summary>
/// A non-blocking listening Unix socket at a path, mode 0600 from its first moment. It takes the place of a socket file whose server is
/// dead, refuses to touch anything else, and removes its file at the end if it is still its own.
/// </summary>
internal sealed unsafe class ListeningSocket : IDisposable
{
    private const uint OwnerOnly = 0x180; // 0600

    private readonly UnixAddress address;
    private readonly FileIdentity? file;

    private ListeningSocket(int fd, UnixAddress address)
    {
        (Fd, this.address) = (fd, address);
        file = FileIdentity.Of(address.CString);
    }

    public int Fd { get; }

    /// <summary>Listens at a path; all that can be wrong with it is the user's.</summary>
    public static ListeningSocket Open(string path, int backlog)
    {
        var address = new UnixAddress(path);
        // Two servers that start at once would each find the other's file stale: the directory's lock makes them take turns.
        var directory = LockDirectory(path);
        try
        {
            var fd = Libc.socket(Libc.AfUnix, Libc.SockStream | Libc.SockNonblock | Libc.SockCloexec, 0);
            if (fd < 0) throw Mistake(path, Libc.Errno);
            try
            {
                Bind(fd, address);
                return Libc.listen(fd, backlog) < 0 ? throw Mistake(path, Libc.Errno) : new(fd, address);
            }
            catch
            {
                Libc.close(fd);
                throw;
            }
        }
        finally
        {
            Libc.close(directory);
        }
    }

    /// <summary>A new client's descriptor, or the negative errno.</summary>
    public int Accept()
    {
        var fd = Libc.accept4(Fd, null, null, Libc.SockNonblock | Libc.SockCloexec);
        return fd < 0 ? -Libc.Errno : fd;
    }

    public void Dispose()
    {
        if (file is not null && FileIdentity.Of(address.CString) == file)
        {
            fixed (byte* name = address.CString) _ = Libc.unlink(name); // gone already is as good
        }

        Libc.close(Fd);
    }

    private static void Bind(int fd, UnixAddress address)
    {
        // Linux gives the file the socket's own mode, so there is no moment in which others may connect.
        if (Libc.fchmod(fd, OwnerOnly) < 0) throw Mistake(address.Path, Libc.Errno);
        if (TryBind(fd, address) is not { } error) return;
        if (error != Libc.EADDRINUSE) throw Mistake(address.Path, error);
        RemoveStale(address);
        if (TryBind(fd, address) is { } again) throw Mistake(address.Path, again);
    }

    private static int? TryBind(int fd, UnixAddress address)
    {
        fixed (byte* bytes = address.Bytes) return Libc.bind(fd, bytes, (uint)address.Bytes.Length) < 0 ? Libc.Errno : null;
    }

    private static void RemoveStale(UnixAddress address)
    {
        if (FileIdentity.Of(address.CString) is { IsSocket: false }) throw new UserErrorException($"{address.Path}: exists and is no socket");
        var probe = Libc.socket(Libc.AfUnix, Libc.SockStream | Libc.SockNonblock | Libc.SockCloexec, 0);
        if (probe < 0) throw Mistake(address.Path, Libc.Errno);
        int error;
        fixed (byte* bytes = address.Bytes) error = Libc.connect(probe, bytes, (uint)address.Bytes.Length) < 0 ? Marshal.GetLastPInvokeError() : 0;
        Libc.close(probe);
        // EAGAIN: somebody listens, with a full backlog.
        if (error is 0 or Libc.EAGAIN) throw new UserErrorException($"{address.Path}: another server listens there");
        if (error is not (Libc.ECONNREFUSED or Libc.ENOENT)) throw Mistake(address.Path, error);
        fixed (byte* name = address.CString) _ = Libc.unlink(name); // what hinders this hinders the bind that follows
    }

    private static int LockDirectory(string path)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        int fd;
        fixed (byte* name = Encoding.UTF8.GetBytes(parent + "\0")) fd = Libc.open(name, Libc.OpenDirectoryCloexec);
        if (fd < 0) throw Mistake(path, Libc.Errno);
        for (var tries = 0; Libc.flock(fd, Libc.LockExclusive | Libc.LockNonblock) < 0; tries++)
        {
            if (tries < 100)
            {
                Thread.Sleep(10);
                continue;
            }

            Libc.close(fd);
            throw new UserErrorException($"{path}: {parent} is locked by another process");
        }

        return fd;
    }

    private static UserErrorException Mistake(string path, int error) => new($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
}
