using XenActors.Live.Native;

namespace XenActors.Live.Nbd;

/// <summary>
/// Disks for NBD clients, any number of them, on one thread: in a loop of its own (<see cref="Run"/>), or within somebody else's, who watches
/// <see cref="Descriptor"/> and calls <see cref="Receive"/> and <see cref="Send"/>. This file is the loop; what it does for one client is in
/// <c>NbdServer.Clients.cs</c>.
/// </summary>
internal sealed unsafe partial class NbdServer : IDisposable
{
    private const int WakeData = -1;
    private const int ReceiveSize = 64 * 1024;
    private const int LingeringEveryMs = 1000;

    private readonly INbdBackend backend;
    private readonly NbdServerOptions options;
    private readonly TimeProvider clock;
    private readonly Epoll epoll = new();
    private readonly Waker waker;
    private readonly List<NbdListener> listeners = [];
    private readonly List<NbdClient> dirty = [];
    private readonly List<NbdClient> doomed = [];
    private readonly Stack<int> freeIds = new();

    // What is left of a message and what one recv adds to it.
    private readonly byte[] received = GC.AllocateUninitializedArray<byte>(2 * ReceiveSize + NbdHaggling.DataMax, pinned: true);
    private NbdClient?[] clients = new NbdClient?[64];
    private int lastId;
    private int haggling;
    private long lookedForLingering;
    private bool exhausted;
    private volatile bool stopping;

    public NbdServer(INbdBackend backend, NbdServerOptions? options = null, TimeProvider? clock = null)
    {
        this.backend = backend;
        this.options = options ?? NbdServerOptions.Default;
        this.clock = clock ?? TimeProvider.System;
        waker = new Waker(epoll, WakeData);
        backend.Start(this);
    }

    /// <summary>Readable when there is something to <see cref="Receive"/>.</summary>
    public int Descriptor => epoll.Fd;

    /// <summary>Milliseconds after which there is something to do though nothing has arrived; -1 for never.</summary>
    public int Patience => haggling > 0 ? LingeringEveryMs : -1;

    /// <summary>How many clients are connected.</summary>
    public int Open { get; private set; }

    /// <summary>How many have been, and how many requests the backend has been given.</summary>
    public long Clients { get; private set; }

    public long Requests { get; private set; }

    /// <summary>Listens at an address. Nobody is served before <see cref="Offer"/>.</summary>
    /// <exception cref="Experiments.UserErrorException">It cannot be listened at.</exception>
    public NbdListener Listen(NbdAddress address)
    {
        var socket = address.Path.Length > 0 ? ListeningSocket.Open(address.Path, options.Backlog) : ListeningSocket.OpenLoopback(address.Port, options.Backlog);
        var listener = new NbdListener(socket, address.Path.Length > 0 ? address : NbdAddress.OfPort(socket.Port));
        listeners.Add(listener);
        Watch(listener);
        return listener;
    }

    /// <summary>From now on these exports are to be had; who has chosen one of their names before has it as it is now.</summary>
    public void Offer(NbdListener listener, IReadOnlyList<NbdExport> exports)
    {
        listener.Exports = exports;
        foreach (var client in clients)
        {
            if (client?.Listener == listener) client.Change(exports);
        }

        Watch(listener);
    }

    /// <summary>Nothing will be had at this address; those who wait there learn it by being left.</summary>
    public void Withdraw(NbdListener listener)
    {
        if (listener.Closed) return;
        Unwatch(listener);
        listener.Closed = true;
        listener.Socket.Dispose();
    }

    /// <summary>Serves until <see cref="Stop"/>.</summary>
    public void Run()
    {
        while (!stopping)
        {
            Receive(Patience);
            do
            {
                backend.Work();
            }
            while (Send());
        }
    }

    /// <summary>Ends <see cref="Run"/>; for any thread.</summary>
    public void Stop()
    {
        stopping = true;
        Wake();
    }

    /// <summary>Has <see cref="Run"/> go round once more; for any thread.</summary>
    public void Wake() => waker.Wake();

    /// <summary>Hears all that have something to say, once. True when a client has knocked at a closed door.</summary>
    public bool Receive(int timeoutMs = 0)
    {
        var count = epoll.Wait(timeoutMs);
        var (newcomers, knocked) = (false, false);
        for (var i = 0; i < count; i++)
        {
            var (ready, data) = epoll[i];
            if (data >= 0) Serve(data, ready);
            else if (data == WakeData) waker.Drain();
            else if (listeners[WakeData - 1 - data] is { Exports.Count: > 0 }) newcomers = true;
            else
            {
                // It is heard once, and waits from now on.
                listeners[WakeData - 1 - data].Knocked = knocked = true;
                Unwatch(listeners[WakeData - 1 - data]);
            }
        }

        CloseDoomed();
        // Last, so that a number is never given to a new client while an event of the old one is still to be looked at.
        if (newcomers) AcceptAll();
        CloseLingering();
        return knocked;
    }

    /// <summary>Sends what the backend has completed, and goes on with clients that waited for it. True when that gave the backend more to do.</summary>
    public bool Send()
    {
        var before = Requests;
        for (var i = 0; i < dirty.Count; i++) // settling one may complete others' requests
        {
            dirty[i].Dirty = false;
            Settle(dirty[i]);
        }

        dirty.Clear();
        CloseDoomed();
        return Requests != before;
    }

    /// <summary>Closes every connection and removes the sockets. Requests that are on their way end with ESHUTDOWN.</summary>
    public void Dispose()
    {
        stopping = true;
        foreach (var client in clients)
        {
            if (client is null) continue;
            ShutDown(client);
            Close(client);
        }

        foreach (var listener in listeners) Withdraw(listener);
        epoll.Dispose();
        waker.Dispose();
    }

    private void Watch(NbdListener listener)
    {
        if (listener.Watched || listener.Closed || exhausted || (listener.Knocked && listener.Exports.Count == 0)) return;
        epoll.Add(listener.Socket.Fd, Epoll.In, WakeData - 1 - listeners.IndexOf(listener));
        listener.Watched = true;
    }

    private void Unwatch(NbdListener listener)
    {
        if (!listener.Watched) return;
        epoll.Remove(listener.Socket.Fd);
        listener.Watched = false;
    }

    private void AcceptAll()
    {
        foreach (var listener in listeners)
        {
            while (listener.Watched && listener.Exports.Count > 0 && Accept(listener))
            {
            }
        }
    }

    // False when nobody waits, or nobody more can be had.
    private bool Accept(NbdListener listener)
    {
        var fd = Open < options.Connections ? listener.Socket.Accept() : -Libc.EMFILE;
        if (fd >= 0)
        {
            Admit(listener, fd);
            return true;
        }

        if (-fd is Libc.EMFILE or Libc.ENFILE or Libc.ENOBUFS or Libc.ENOMEM && Open > 0)
        {
            // Newcomers wait in the backlog until somebody leaves.
            exhausted = true;
            foreach (var other in listeners) Unwatch(other);
            return false;
        }

        return -fd is not (Libc.EAGAIN or Libc.EMFILE or Libc.ENFILE or Libc.ENOBUFS or Libc.ENOMEM); // somebody who has gone already
    }

    private void Admit(NbdListener listener, int fd)
    {
        if (!freeIds.TryPop(out var id)) id = ++lastId;
        if (id >= clients.Length) Array.Resize(ref clients, clients.Length * 2);
        if (listener.Address.Path.Length == 0) ListeningSocket.SendAtOnce(fd);
        var output = new NbdOutput();
        var client = new NbdClient(id, fd, listener, clock.GetTimestamp(), output) { Haggling = new NbdHaggling(listener, output) };
        clients[id] = client;
        epoll.Add(fd, Epoll.In, id);
        Open++;
        Clients++;
        haggling++;
        client.Haggling.Greet();
        Settle(client);
    }

    private void Close(NbdClient client)
    {
        if (client.Export is null) haggling--;
        clients[client.Id] = null;
        freeIds.Push(client.Id);
        client.Doomed = true;
        client.Release();
        Libc.close(client.Fd);
        Open--;
        if (!exhausted || stopping) return;
        exhausted = false;
        foreach (var listener in listeners) Watch(listener);
    }

    private void CloseDoomed()
    {
        foreach (var client in doomed) Close(client);
        doomed.Clear();
    }

    // Whoever chooses no export keeps others from coming in.
    private void CloseLingering()
    {
        if (haggling == 0 || clock.GetElapsedTime(lookedForLingering).TotalMilliseconds < LingeringEveryMs) return;
        lookedForLingering = clock.GetTimestamp();
        foreach (var client in clients)
        {
            if (client is { Export: null, Doomed: false } && clock.GetElapsedTime(client.Since) > options.HagglingMost) Doom(client);
        }

        CloseDoomed();
    }
}
