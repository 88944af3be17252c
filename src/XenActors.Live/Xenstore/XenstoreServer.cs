using XenActors.Abi;
using XenActors.Live.Native;
using XenActors.Live.Xenstore.Guests;
using XenActors.Xenstore;

namespace XenActors.Live.Xenstore;

/// <summary>
/// A store on a Unix socket, for any number of clients, on the thread that calls <see cref="Run"/>. This file is the event loop; what it
/// does for one client is in <c>XenstoreServer.Clients.cs</c>.
/// </summary>
public sealed unsafe partial class XenstoreServer : IDisposable
{
    private const int ListenerData = -1;
    private const int WakeData = -2;
    private const int ServiceData = -3;
    private const int ReceiveSize = 64 * 1024;

    /// <summary>How often those that take turns are looked at when nobody says anything.</summary>
    private const int TurnMs = 1;

    private readonly XenstoreServerOptions options;
    private readonly IStoreService service;
    private readonly ListeningSocket listener;
    private readonly Epoll epoll = new();
    private readonly WakefulWait wait;
    private readonly Waker waker;
    private readonly BufferPool pool = new();
    private readonly List<ClientSocket> dirty = [];
    private readonly List<ClientSocket> doomed = [];
    private readonly TransactionTurns turns;
    private readonly Stack<int> freeIds = new();
    private readonly Queue<TaskCompletionSource<XenstoreServerCounts>> questions = new();

    // What is left of a request and what one recv adds to it.
    private readonly byte[] received = GC.AllocateUninitializedArray<byte>(2 * ReceiveSize, pinned: true);
    private readonly byte[] eventPayload = new byte[XenstoreLimits.PayloadMax];
    private readonly AccessLog? log;
    private readonly List<ClientSocket> logged = [];
    private ulong admitted;
    private ClientSocket?[] clients = new ClientSocket?[64];
    private int lastId;
    private int open;
    private bool accepting = true;
    private volatile bool asked;
    private volatile bool stopping;

    /// <summary>Listens at a path.</summary>
    /// <exception cref="Experiments.UserErrorException">The path cannot be listened at, or another server does.</exception>
    public XenstoreServer(string path, XenstoreServerOptions? options = null, XenstoreCore? core = null)
        : this(path, options, ServiceOf(core ?? new XenstoreCore(), options?.GuestRings))
    {
    }

    /// <summary>Listens at a path for the clients of any store.</summary>
    internal XenstoreServer(string path, XenstoreServerOptions? options, IStoreService service)
    {
        this.options = options ?? XenstoreServerOptions.Default;
        this.service = service;
        listener = ListeningSocket.Open(path, this.options.Backlog);
        turns = new TransactionTurns(this.options.TurnIdle, this.options.TurnMost);
        wait = new WakefulWait(epoll);
        waker = new Waker(epoll, WakeData);
        epoll.Add(listener.Fd, Epoll.In, ListenerData);
        Start();
        if (service.Descriptor >= 0) epoll.Add(service.Descriptor, Epoll.In, ServiceData);
        log = this.options.Log;
        if (log is not null) service.LogTo(log);
    }

    /// <summary>Serves until <see cref="Stop"/>.</summary>
    public void Run()
    {
        while (!stopping)
        {
            var patience = asked || unread.Count > 0 ? 0 : service.Patience;
            var count = patience < 0 ? wait.Wait(turns.Any ? TurnMs : -1) : epoll.Wait(patience);
            if (count == 0 && asked && service.Settled && unread.Count == 0 && !turns.Any) Answer();
            var newcomers = false;
            for (var i = 0; i < count; i++)
            {
                var (ready, data) = epoll[i];
                if (data >= 0) Serve(data, ready);
                else if (data == ListenerData) newcomers = true;
                else if (data == ServiceData) service.DescriptorReady();
                else waker.Drain();
            }

            ServeUnread();
            while (turns.Next() is { } client) Resume(client);
            service.Work();
            SendDirty();
            if (log is not null) LogSent();
            CloseDoomed();
            // Last, so that a number is never given to a new client while an event of the old one is still to be looked at.
            if (newcomers) AcceptAll();
            log?.Flush();
        }
    }

    /// <summary>Ends <see cref="Run"/>; for any thread.</summary>
    public void Stop()
    {
        stopping = true;
        waker.Wake();
    }

    /// <summary>What the server holds once nothing that reached it waits to be handled; for any thread while it runs.</summary>
    public Task<XenstoreServerCounts> CountAsync()
    {
        var question = new TaskCompletionSource<XenstoreServerCounts>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (questions)
        {
            questions.Enqueue(question);
            asked = true;
        }

        waker.Wake();
        return question.Task;
    }

    /// <summary>Closes every connection and removes the socket; after <see cref="Run"/> has returned.</summary>
    public void Dispose()
    {
        stopping = true;
        log?.Dispose();
        foreach (var client in clients)
        {
            if (client is not null) Close(client);
        }

        lock (questions)
        {
            while (questions.TryDequeue(out var question)) question.SetCanceled();
        }

        (service as IDisposable)?.Dispose();
        listener.Dispose();
        epoll.Dispose();
        waker.Dispose();
    }

    // Not before the socket is this server's: a second one at the same place touches nothing of the first one's.
    private void Start()
    {
        try
        {
            service.Start(this);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static IStoreService ServiceOf(XenstoreCore core, string? guestRings) =>
        guestRings is null ? new BareStore(core) : new GuestStore(core, guestRings);

    private void Answer()
    {
        lock (questions)
        {
            while (questions.TryDequeue(out var question)) question.SetResult(Count());
            asked = false;
        }
    }

    private XenstoreServerCounts Count()
    {
        long queued = 0;
        foreach (var client in clients) queued += client?.Output.Length ?? 0;
        return new(open, service.WatchCount, service.TransactionCount, queued);
    }

    private void AcceptAll()
    {
        for (var fd = listener.Accept(); ; fd = listener.Accept())
        {
            if (fd >= 0) Admit(fd);
            else if (-fd is Libc.EMFILE or Libc.ENFILE or Libc.ENOBUFS or Libc.ENOMEM)
            {
                // Newcomers wait in the backlog until somebody leaves.
                if (open > 0) StopAccepting();
                return;
            }
            else if (-fd == Libc.EAGAIN) return;
        }
    }

    private void StopAccepting()
    {
        epoll.Remove(listener.Fd);
        accepting = false;
    }

    private void Admit(int fd)
    {
        if (!freeIds.TryPop(out var id)) id = ++lastId;
        if (id >= clients.Length) Array.Resize(ref clients, clients.Length * 2);
        clients[id] = new ClientSocket(id, fd, pool) { Order = ++admitted, Logged = log is null ? null : new LoggedOutput() };
        log?.Created(id);
        service.Connect(id);
        epoll.Add(fd, ClientSocket.Reading | Epoll.Edge, id);
        open++;
    }

    private void Close(ClientSocket client)
    {
        if (!client.BrokeProtocol) log?.Closing();
        service.Disconnect(client.Id);
        log?.Closed(client.Id);
        clients[client.Id] = null;
        freeIds.Push(client.Id);
        turns.Gone(client);
        client.Doomed = true;
        client.Release();
        Libc.close(client.Fd);
        open--;
        if (accepting || stopping) return;
        epoll.Add(listener.Fd, Epoll.In, ListenerData);
        accepting = true;
    }

    private void SendDirty()
    {
        for (var i = 0; i < dirty.Count; i++) // settling one may tell others
        {
            dirty[i].Dirty = false;
            Settle(dirty[i]);
        }

        dirty.Clear();
    }

    private void CloseDoomed()
    {
        foreach (var client in doomed) Close(client);
        doomed.Clear();
    }
}
