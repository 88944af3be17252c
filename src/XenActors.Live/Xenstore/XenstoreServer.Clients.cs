using XenActors.Abi;
using XenActors.Live.Native;
using XenActors.Xenstore;

namespace XenActors.Live.Xenstore;

// What the loop does for one client: receive, cut into requests, hand them to the store, queue its answers, send.
public sealed unsafe partial class XenstoreServer : IXenstoreOutput
{
    // Clients of which epoll says nothing more, but which may have said more.
    private List<ClientSocket> unread = [];
    private List<ClientSocket> unreadBefore = [];
    private bool again;

    void IXenstoreOutput.Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        again = type == XsWireType.Error && payload.SequenceEqual("EAGAIN\0"u8);
        if (clients[conn] is { } client) Queue(client, type, reqId, txId, payload);
    }

    void IXenstoreOutput.WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
        if (clients[conn] is { } client) Queue(client, XsWireType.WatchEvent, 0, 0, EventOf(path, token));
    }

    bool IXenstoreOutput.IsPending(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) =>
        clients[conn] is { Output.Blocked: true } client && client.Output.IsPending(EventOf(path, token));

    private ReadOnlySpan<byte> EventOf(ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) => WatchEventPayload.Write(eventPayload, path, token);

    private void Queue(ClientSocket client, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        if (client.Doomed) return;
        var output = client.Output;
        // A burst of events goes out as it grows; a client that does not read is the only one whose queue stays.
        if (output.Length > options.QueueSoft && !output.Blocked && Send(client) == SendOutcome.Broken)
        {
            Doom(client);
            return;
        }

        if (output.Length + XsdSockmsg.SizeOf + payload.Length > options.QueueHard)
        {
            Doom(client);
            return;
        }

        output.Append(type, reqId, txId, payload);
        client.Logged?.Add(type, payload);
        if (client.Dirty) return;
        client.Dirty = true;
        dirty.Add(client);
    }

    private void Serve(int id, uint ready)
    {
        if (clients[id] is not { Doomed: false } client) return;
        if (client.Held)
        {
            // What it says now comes after what it waits for. One that has left waits for nobody, and what it said is handled.
            if ((ready & (Epoll.HangUp | Epoll.Error)) == 0) return;
            turns.Gone(client);
            Resume(client);
            return;
        }

        if (client.Paused || client.Ended)
        {
            // Its replies have nowhere to go any more, so its requests are not worth handling.
            if ((ready & (Epoll.HangUp | Epoll.Error)) != 0) Doom(client);
            else Settle(client);
            return;
        }

        if ((ready & (Epoll.In | Epoll.ReadHangUp | Epoll.HangUp | Epoll.Error)) != 0)
        {
            Receive(client);
            // Its last word may stand before the end that epoll has told of already.
            if ((ready & (Epoll.ReadHangUp | Epoll.HangUp | Epoll.Error)) != 0) client.Unread = true;
        }

        if (!client.Doomed) Settle(client);
    }

    private void ServeUnread()
    {
        if (unread.Count == 0) return;
        (unread, unreadBefore) = (unreadBefore, unread);
        foreach (var client in unreadBefore)
        {
            client.Listed = false;
            if (client.Doomed || client.Paused || client.Held || client.Ended) continue;
            Receive(client);
            if (!client.Doomed) Settle(client);
        }

        unreadBefore.Clear();
    }

    // Its turn has come: what it waited with, and what it may have said meanwhile.
    private void Resume(ClientSocket client)
    {
        if (client.Doomed) return;
        client.Unread = true;
        Handle(client, received.AsSpan(0, client.TakeRest(received)));
        Settle(client);
    }

    private void Receive(ClientSocket client)
    {
        var length = client.TakeRest(received);
        nint got;
        int error;
        fixed (byte* to = received)
        {
            got = DirectCalls.Receive(client.Fd, to + length, ReceiveSize);
            error = got < 0 ? Libc.Errno : 0;
        }

        client.Unread = got == ReceiveSize || error == Libc.EINTR;
        if (got <= 0)
        {
            client.KeepRest(received.AsSpan(0, length));
            if (error is Libc.EAGAIN or Libc.EINTR) return;
            // It has said its last word: what it is still told goes out, if it reads.
            client.Ended = true;
            return;
        }

        Handle(client, received.AsSpan(0, length + (int)got));
    }

    private void Handle(ClientSocket client, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= XsdSockmsg.SizeOf)
        {
            var header = XsdSockmsg.Read(bytes);
            if (header.Len > XenstoreLimits.PayloadMax)
            {
                client.BrokeProtocol = true;
                log?.Ignored(client.Id, (int)XenstoreRingError.Proto);
                // Nothing after it is looked at; what came before it is answered.
                client.Ended = true;
                return;
            }

            var length = XsdSockmsg.SizeOf + (int)header.Len;
            if (bytes.Length < length) break;
            var type = (XsWireType)header.Type;
            if (type == XsWireType.TransactionStart && !turns.MayStart(client, service.TransactionsOf(client.Id))) break;
            log?.In(client.Id, type, bytes[XsdSockmsg.SizeOf..length]);
            again = false;
            var violation = service.Handle(client.Id, type, header.ReqId, header.TxId, bytes[XsdSockmsg.SizeOf..length]);
            if (type is XsWireType.TransactionStart or XsWireType.TransactionEnd)
            {
                turns.Handled(client, type == XsWireType.TransactionEnd, again, service.TransactionsOf(client.Id));
            }
            else turns.Heard(client);

            if (violation != XenstoreViolation.None) Doom(client);
            if (client.Doomed) return;
            bytes = bytes[length..];
            if (service.IsFull(client.Id))
            {
                client.Paused = true;
                break;
            }

            if (client.Output.Length <= options.QueueSoft) continue;
            if (client.Output.Blocked || Send(client) == SendOutcome.Blocked)
            {
                client.Paused = client.Output.Length > options.QueueSoft;
                if (client.Paused) break;
            }
        }

        client.KeepRest(bytes);
    }

    // Sends what waits, goes on with requests that waited for that, and tells epoll what to look for.
    private void Settle(ClientSocket client)
    {
        if (client.Doomed) return;
        while (true)
        {
            if (Send(client) == SendOutcome.Broken)
            {
                Doom(client);
                return;
            }

            if (client.Ended && !service.Owes(client.Id))
            {
                Doom(client);
                return;
            }

            var wasPaused = client.Paused;
            client.Paused = client.Output.Length > options.QueueSoft || service.IsFull(client.Id);
            if (client.Paused || !wasPaused) break;
            Handle(client, received.AsSpan(0, client.TakeRest(received)));
            if (client.Doomed) return;
        }

        if (client is { Unread: true, Listed: false, Paused: false, Ended: false, Held: false })
        {
            client.Listed = true;
            unread.Add(client);
        }

        var interest = (client.Paused || client.Ended ? 0 : ClientSocket.Reading) | (client.Output.Blocked ? Epoll.Out : 0);
        if (interest == client.Interest) return;
        client.Interest = interest;
        epoll.Change(client.Fd, interest | Epoll.Edge, client.Id);
    }

    private SendOutcome Send(ClientSocket client)
    {
        var outcome = client.Output.Send(client.Fd);
        if (client.Logged is { } messages) NoteSent(client, messages);
        return outcome;
    }

    private void NoteSent(ClientSocket client, LoggedOutput messages)
    {
        var waits = messages.Any;
        messages.Sent(client.Output.CountUntouched());
        if (!waits && messages.Any) logged.Add(client);
    }

    // As the daemon's loop sends: one message of each client, the oldest client first, then the next.
    private void LogSent()
    {
        logged.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        while (logged.Count > 0)
        {
            foreach (var client in logged)
            {
                var (type, payload) = client.Logged!.Next();
                log!.Out(client.Id, type, payload);
            }

            logged.RemoveAll(static c => !c.Logged!.Any);
        }
    }

    private void Doom(ClientSocket client)
    {
        if (client.Doomed) return;
        client.Doomed = true;
        client.Output.Release();
        doomed.Add(client);
    }
}
