using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using XenActors.Experiments;

namespace XenActors.Live.Native;

/// <summary>
/// A non-blocking listening socket: at a path, mode 0600 from its first moment, or at a port of 127.0.0.1. At a path it takes the place of a socket
/// file whose server is dead, refuses to touch anything else, and removes its file at the end if it is still its own.
/// </summary>
internal sealed unsafe class ListeningSocket : IDisposable
{
    private const uint OwnerOnly = 0x180; // 0600

    private const int InternetAddressSize = 16; // struct sockaddr_in

    private readonly UnixAddress? address;
    private readonly FileIdentity? file;

    private ListeningSocket(int fd, UnixAddress? address)
    {
        (Fd, this.address) = (fd, address);
        file = address is null ? null : FileIdentity.Of(address.CString);
    }

    public int Fd { get; }

    /// <summary>Of a socket at 127.0.0.1.</summary>
    public int Port { get; private init; }

    /// <summary>Listens at a port of 127.0.0.1; 0 is any that is free. All that can be wrong with it is the user's.</summary>
    public static ListeningSocket OpenLoopback(int port, int backlog)
    {
        var fd = Libc.socket(Libc.AfInet, Libc.SockStream | Libc.SockNonblock | Libc.SockCloexec, 0);
        if (fd < 0) throw MistakeAt(port, Libc.Errno);
        var name = stackalloc byte[InternetAddressSize];
        new Span<byte>(name, InternetAddressSize).Clear();
        name[0] = Libc.AfInet; // sa_family_t, little endian as this machine
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(name + 2, 2), (ushort)port);
        (name[4], name[7]) = (127, 1);
        var length = (uint)InternetAddressSize;
        Set(fd, Libc.SolSocket, Libc.SoReuseaddr, 1);
        if (Libc.bind(fd, name, length) == 0 && Libc.listen(fd, backlog) == 0 && Libc.getsockname(fd, name, &length) == 0)
        {
            return new(fd, null) { Port = BinaryPrimitives.ReadUInt16BigEndian(new ReadOnlySpan<byte>(name + 2, 2)) };
        }

        var error = Libc.Errno;
        Libc.close(fd);
        throw MistakeAt(port, error);
    }

    /// <summary>An accepted TCP connection sends what it has at once.</summary>
    public static void SendAtOnce(int fd) => Set(fd, Libc.IpprotoTcp, Libc.TcpNodelay, 1);

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
        if (file is not null && address is not null && FileIdentity.Of(address.CString) == file)
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

    private static void Set(int fd, int level, int option, int value) => _ = Libc.setsockopt(fd, level, option, (byte*)&value, sizeof(int)); // it works without

    private static UserErrorException MistakeAt(int port, int error) => Mistake(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), error);

    private static UserErrorException Mistake(string path, int error) => new($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
}
