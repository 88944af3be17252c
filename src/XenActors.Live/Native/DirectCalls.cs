using System.Runtime.InteropServices;

namespace XenActors.Live.Native;

/// <summary>
/// The three calls of which a server's time consists, made past the C library's functions: those are cancellation points and take two atomic
/// steps for it in a process with threads. None of them blocks. Right after one <see cref="Libc.Errno"/> is its own.
/// </summary>
internal static unsafe class DirectCalls
{
    // asm/unistd.h: x86-64 has numbers of its own, arm64 and the newer ones share asm-generic's. 0: go through the library.
    private static readonly (nint Receive, nint Send, nint EpollWait) Numbers = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => (45, 44, 281),
        Architecture.Arm64 or Architecture.LoongArch64 or Architecture.RiscV64 => (207, 206, 22),
        _ => default,
    };

    private const nint SignalSetSize = 8;

    /// <summary>recvfrom on a non-blocking socket.</summary>
    public static nint Receive(int fd, byte* buffer, nuint length) =>
        Numbers.Receive == 0 ? recv(fd, buffer, length, Libc.MsgDontwait) : syscall(Numbers.Receive, fd, buffer, length, Libc.MsgDontwait, 0, 0);

    /// <summary>sendto on a non-blocking socket.</summary>
    public static nint Send(int fd, byte* buffer, nuint length) =>
        Numbers.Send == 0 ? send(fd, buffer, length, SendFlags) : syscall(Numbers.Send, fd, buffer, length, SendFlags, 0, 0);

    /// <summary>epoll_pwait that waits for nothing.</summary>
    public static int EpollLook(int epoll, byte* events, int room) =>
        Numbers.EpollWait == 0 ? epoll_wait(epoll, events, room, 0) : (int)syscall(Numbers.EpollWait, epoll, events, (nuint)room, 0, 0, SignalSetSize);

    private const int SendFlags = Libc.MsgDontwait | Libc.MsgNosignal;

    [DllImport("libc"), SuppressGCTransition]
    private static extern nint syscall(nint number, nint fd, byte* buffer, nuint length, nint fourth, nint fifth, nint sixth);

    [DllImport("libc"), SuppressGCTransition]
    private static extern nint recv(int fd, byte* buffer, nuint length, int flags);

    [DllImport("libc"), SuppressGCTransition]
    private static extern nint send(int fd, byte* buffer, nuint length, int flags);

    [DllImport("libc"), SuppressGCTransition]
    private static extern int epoll_wait(int epoll, byte* events, int room, int timeoutMs);
}
