namespace XenActors.Live.Native;

/// <summary>An eventfd that an epoll instance watches: any thread ends the wait of the one that waits there.</summary>
internal sealed unsafe class Waker : IDisposable
{
    private readonly int fd = Libc.eventfd(0, Libc.EventfdNonblockCloexec);

    /// <param name="epoll">Where it is waited.</param>
    /// <param name="data">What the event carries.</param>
    public Waker(Epoll epoll, int data) => epoll.Add(fd, Epoll.In, data);

    public void Wake()
    {
        ulong one = 1;
        _ = Libc.write(fd, (byte*)&one, sizeof(ulong)); // a full counter wakes as well
    }

    /// <summary>Takes its event: it is silent until the next <see cref="Wake"/>.</summary>
    public void Drain()
    {
        ulong count;
        _ = Libc.read(fd, (byte*)&count, sizeof(ulong));
    }

    public void Dispose() => Libc.close(fd);
}
