using System.Runtime.InteropServices;

namespace XenActors.Live.Native;

/// <summary>
/// Linux's system calls as its C library names them, for what .NET's sockets do not offer or do not offer cheaply. Constants are those
/// that x86-64 and arm64 share.
/// </summary>
/// <remarks>
/// The calls marked <see cref="SuppressGCTransitionAttribute"/> never block: their descriptors are non-blocking. Right after one of
/// them <see cref="Errno"/> is the call's own.
/// </remarks>
internal static unsafe class Libc
{
    public const int AfUnix = 1;
    public const int AfInet = 2;
    public const int SockStream = 1;
    public const int SockNonblock = 0x800;
    public const int SockCloexec = 0x80000;
    public const int SolSocket = 1;
    public const int SoReuseaddr = 2;
    public const int IpprotoTcp = 6;
    public const int TcpNodelay = 1;
    public const int MsgDontwait = 0x40;
    public const int MsgNosignal = 0x4000;
    public const int EpollCloexec = 0x80000;
    public const int EventfdNonblockCloexec = 0x80800;
    public const int OpenDirectoryCloexec = 0x80000; // with O_RDONLY
    public const int OpenReadNow = 0x80800; // O_RDONLY, O_NONBLOCK, O_CLOEXEC
    public const int OpenWriteNow = 0x80801;
    public const int OpenBothNow = 0x80802;
    public const int OpenCreate = 0x40;
    public const int OpenNoTerminal = 0x100;
    public const int ProtectReadWrite = 3;
    public const int MapShared = 1;
    public const int LockExclusive = 2;
    public const int LockNonblock = 4;

    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EEXIST = 17;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int EADDRINUSE = 98;
    public const int ENOBUFS = 105;
    public const int ECONNRESET = 104;
    public const int ECONNREFUSED = 111;

    /// <summary>TIOCGWINSZ.</summary>
    public const uint IoctlWindowSize = 0x5413;

    /// <summary>The C library's errno on this thread.</summary>
    public static int Errno => Marshal.GetLastSystemError();

    [DllImport("libc")]
    public static extern int socket(int domain, int type, int protocol);

    [DllImport("libc")]
    public static extern int bind(int fd, byte* address, uint length);

    [DllImport("libc")]
    public static extern int getsockname(int fd, byte* address, uint* length);

    [DllImport("libc")]
    public static extern int listen(int fd, int backlog);

    [DllImport("libc", SetLastError = true)]
    public static extern int connect(int fd, byte* address, uint length);

    [DllImport("libc")]
    public static extern int fchmod(int fd, uint mode);

    [DllImport("libc")]
    public static extern int open(byte* path, int flags);

    /// <summary>open with a mode for a file that it makes.</summary>
    [DllImport("libc")]
    public static extern int open(byte* path, int flags, uint mode);

    [DllImport("libc")]
    public static extern int mkfifo(byte* path, uint mode);

    [DllImport("libc")]
    public static extern int ftruncate(int fd, nint length);

    [DllImport("libc")]
    public static extern nint mmap(byte* address, nuint length, int protection, int flags, int fd, nint offset);

    [DllImport("libc")]
    public static extern int munmap(nint address, nuint length);

    [DllImport("libc")]
    public static extern nint pread(int fd, byte* buffer, nuint length, nint offset);

    [DllImport("libc")]
    public static extern nint pwrite(int fd, byte* buffer, nuint length, nint offset);

    /// <summary>A system call without a function of its own: futex takes two addresses and four numbers.</summary>
    [DllImport("libc")]
    public static extern nint syscall(nint number, uint* address, nint operation, nint value, nint value2, uint* address2, nint value3);

    [DllImport("libc")]
    public static extern int flock(int fd, int operation);

    [DllImport("libc")]
    public static extern int unlink(byte* path);

    [DllImport("libc")]
    public static extern int statx(int directory, byte* path, int flags, uint mask, byte* buffer);

    [DllImport("libc")]
    public static extern int epoll_create1(int flags);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int epoll_ctl(int epoll, int operation, int fd, byte* epollEvent);

    [DllImport("libc", SetLastError = true)]
    public static extern int epoll_wait(int epoll, byte* events, int room, int timeoutMs);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int sched_yield();

    [DllImport("libc")]
    public static extern int eventfd(uint value, int flags);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int accept4(int fd, byte* address, uint* length, int flags);

    [DllImport("libc", SetLastError = true)]
    public static extern nint recv(int fd, byte* buffer, nuint length, int flags);

    [DllImport("libc", SetLastError = true)]
    public static extern nint send(int fd, byte* buffer, nuint length, int flags);

    [DllImport("libc")]
    public static extern nint read(int fd, byte* buffer, nuint length);

    [DllImport("libc")]
    public static extern nint write(int fd, byte* buffer, nuint length);

    [DllImport("libc")]
    public static extern int ioctl(int fd, nuint request, byte* argument);

    [DllImport("libc")]
    public static extern int close(int fd);

    [DllImport("libc")]
    public static extern int getsockopt(int fd, int level, int option, byte* value, uint* length);

    [DllImport("libc")]
    public static extern int setsockopt(int fd, int level, int option, byte* value, uint length);
}
