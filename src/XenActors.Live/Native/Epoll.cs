using System.Runtime.InteropServices;

namespace XenActors.Live.Native;

/// <summary>An epoll instance whose events carry an int. Level-triggered unless <see cref="Edge"/> is asked for.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    public const uint In = 1;
    public const uint Out = 4;
    public const uint Error = 8;
    public const uint HangUp = 16;

    /// <summary>EPOLLRDHUP: the other side will say nothing more.</summary>
    public const uint ReadHangUp = 0x2000;

    /// <summary>
    /// EPOLLET: told once for each thing that arrives. Otherwise every descriptor that was told of is looked at again by the next wait.
    /// </summary>
    public const uint Edge = 1u << 31;

    private const int Room = 256;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + 8;

    private readonly int fd;
    private readonly byte[] events = GC.AllocateArray<byte>(Room * 16, pinned: true);

    public Epoll()
    {
        fd = Libc.epoll_create1(Libc.EpollCloexec);
        if (fd < 0) throw new IOException($"epoll_create1: errno {Libc.Errno}");
    }

    /// <summary>Itself a descriptor that can be waited for.</summary>
    public int Fd => fd;

    public void Add(int descriptor, uint interest, int data) => Control(1, descriptor, interest, data);

    public void Remove(int descriptor) => Control(2, descriptor, 0, 0);

    public void Change(int descriptor, uint interest, int data) => Control(3, descriptor, interest, data);

    /// <summary>How many descriptors are ready; waits for the first so many milliseconds, or for ever (-1). -1: a signal came, and it did not look.</summary>
    public int Wait(int timeoutMs)
    {
        fixed (byte* to = events)
        {
            var count = Libc.epoll_wait(fd, to, Room, timeoutMs);
            if (count >= 0) return count;
            var error = Marshal.GetLastPInvokeError();
            return error == Libc.EINTR ? -1 : throw new IOException($"epoll_wait: errno {error}");
        }
    }

    /// <summary>How many descriptors are ready; looks for one again and again for so long, and sleeps never.</summary>
    public int Poll(int microseconds)
    {
        fixed (byte* to = events)
        {
            var count = DirectCalls.EpollLook(fd, to, Room);
            if (count != 0) return Math.Max(count, 0); // an error comes again when somebody waits
            for (var vigil = new Vigil(microseconds); count == 0 && vigil.GoesOn();) count = DirectCalls.EpollLook(fd, to, Room);
            return Math.Max(count, 0);
        }
    }

    public (uint Ready, int Data) this[int index] =>
        (BitConverter.ToUInt32(events, index * Stride), BitConverter.ToInt32(events, index * Stride + DataOffset));

    public void Dispose() => Libc.close(fd);

    private void Control(int operation, int descriptor, uint interest, int data)
    {
        var change = stackalloc byte[16];
        *(uint*)change = interest;
        *(long*)(change + DataOffset) = data;
        if (Libc.epoll_ctl(fd, operation, descriptor, change) < 0) throw new IOException($"epoll_ctl: errno {Libc.Errno}");
    }
}
