using System.Buffers.Binary;
using XenActors.Experiments.Nbd;
using XenActors.Live.Native;

namespace XenActors.Live.Nbd;

// What the loop does for one client: receive, cut into requests, hand them to the backend, answer.
internal sealed unsafe partial class NbdServer : INbdOutput
{
    // One client has so much heard, then others have their turn.
    private const int TurnBytes = 1 << 20;

    // From here on a payload is received where it will stay.
    private const int DirectMin = 8 * 1024;

    void INbdOutput.Complete(NbdRequest request)
    {
        var client = request.Client;
        client.Forget(request);
        if (client.Doomed) return;
        client.Unflushed |= request.Header.Command is NbdCommand.Write or NbdCommand.WriteZeroes or NbdCommand.Trim;
        if (client.HungUp || request.Unasked)
        {
            // Nobody waits for an answer.
        }
        else if (request.Error != NbdError.None || request.Header.Command != NbdCommand.Read) Answer(client, request.Header.Cookie, request.Error);
        else AnswerRead(client, request);
        MarkDirty(client);
    }

    private static void Answer(NbdClient client, ulong cookie, NbdError error)
    {
        if (!client.Structured)
        {
            client.Output.SimpleReply(cookie, error);
        }
        else if (error == NbdError.None)
        {
            client.Output.Chunk(cookie, NbdReplyType.None, 0);
        }
        else
        {
            client.Output.Chunk(cookie, NbdReplyType.Error, 6);
            var to = client.Output.Reserve(6);
            BinaryPrimitives.WriteUInt32BigEndian(to, (uint)error);
            BinaryPrimitives.WriteUInt16BigEndian(to[4..], 0); // no words
        }
    }

    private static void AnswerRead(NbdClient client, NbdRequest request)
    {
        if (client.Structured)
        {
            client.Output.Chunk(request.Header.Cookie, NbdReplyType.OffsetData, sizeof(ulong) + request.Header.Length);
            BinaryPrimitives.WriteUInt64BigEndian(client.Output.Reserve(sizeof(ulong)), request.Header.Offset);
        }
        else
        {
            client.Output.SimpleReply(request.Header.Cookie, NbdError.None);
        }

        foreach (var piece in request.Pieces) client.Output.AppendPiece(piece);
    }

    // All is data: a guest's kernel does not know which of its disk's blocks have storage behind them, nor which read as zeroes.
    private static void AnswerStatus(NbdClient client, in NbdRequestHeader header)
    {
        client.Output.Chunk(header.Cookie, NbdReplyType.BlockStatus, NbdWire.OneExtentSize);
        var to = client.Output.Reserve(NbdWire.OneExtentSize);
        BinaryPrimitives.WriteUInt32BigEndian(to, NbdWire.AllocationContext);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], header.Length);
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], 0); // neither NBD_STATE_HOLE nor NBD_STATE_ZERO
    }

    private void Serve(int id, uint ready)
    {
        if (clients[id] is not { Doomed: false } client) return;
        if ((ready & Epoll.Error) != 0 || ((ready & Epoll.HangUp) != 0 && (client.Paused || client.Ended)))
        {
            HangUp(client);
            return;
        }

        if ((ready & (Epoll.In | Epoll.HangUp)) != 0 && !client.Paused && !client.Ended) Receive(client);
        if (!client.Doomed) MarkDirty(client);
    }

    private void Receive(NbdClient client)
    {
        for (var turn = 0; turn < TurnBytes && !client.Paused && !client.Ended && !client.Doomed;)
        {
            var got = client.Arriving is { } write && MissingOfPiece(client, write) >= DirectMin ? ReceivePayload(client, write) : ReceiveMessages(client);
            if (got < 0) return;
            turn += got;
        }
    }

    private static int MissingOfPiece(NbdClient client, NbdRequest write) =>
        write.LengthOfPiece(client.Arrived / write.Export.PieceSize) - client.Arrived % write.Export.PieceSize;

    private int ReceivePayload(NbdClient client, NbdRequest write)
    {
        var (index, at) = Math.DivRem(client.Arrived, write.Export.PieceSize);
        var piece = write.Pieces[index] ??= GC.AllocateUninitializedArray<byte>(write.LengthOfPiece(index));
        nint got;
        fixed (byte* to = piece) got = DirectCalls.Receive(client.Fd, to + at, (nuint)(piece.Length - at));
        if (got <= 0) return Heard(client, got);
        client.Arrived += (int)got;
        if (client.Arrived == write.Header.Length) TakeWrite(client, write);
        return (int)got;
    }

    private int ReceiveMessages(NbdClient client)
    {
        var length = client.TakeRest(received);
        nint got;
        fixed (byte* to = received) got = DirectCalls.Receive(client.Fd, to + length, ReceiveSize);
        if (got <= 0)
        {
            var heard = Heard(client, got);
            client.KeepRest(received.AsSpan(0, length));
            return heard;
        }

        Handle(client, received.AsSpan(0, length + (int)got));
        return (int)got;
    }

    // -1: there is nothing more to be heard now. At the end a message that has begun will never be whole.
    private int Heard(NbdClient client, nint got)
    {
        var error = got < 0 ? Libc.Errno : 0;
        if (error is Libc.EAGAIN or Libc.EINTR) return -1;
        client.Ended = true;
        client.Arriving = null;
        if (error != 0) HangUp(client);
        return -1;
    }

    private void Handle(NbdClient client, ReadOnlySpan<byte> bytes)
    {
        while (!client.Ended && !client.Doomed)
        {
            client.Paused = IsFull(client);
            if (client.Paused) break;
            var taken = client.Stage switch
            {
                NbdStage.Over => End(client),
                NbdStage.Transmission => TakeTransmission(client, bytes),
                _ => TakeHandshake(client, bytes),
            };
            if (taken == 0) break;
            bytes = bytes[taken..];
        }

        if (!client.Ended && !client.Doomed) client.KeepRest(bytes);
    }

    private static int End(NbdClient client)
    {
        client.Ended = true;
        return 0;
    }

    private int TakeHandshake(NbdClient client, ReadOnlySpan<byte> bytes)
    {
        var taken = client.Haggling.Take(bytes);
        if (client.Export is not null) haggling--;
        if (client.Stage == NbdStage.Over) client.Ended = true;
        return taken;
    }

    // A payload that has begun is heard to its end.
    private bool IsFull(NbdClient client) => client.Arriving is null && client.ToSkip == 0
        && (client.InFlight >= options.RequestsMax || client.InFlightBytes + client.Output.Length >= options.BytesMax);

    private int TakeTransmission(NbdClient client, ReadOnlySpan<byte> bytes)
    {
        if (client.Arriving is { } write) return TakePayload(client, write, bytes);
        if (client.ToSkip > 0) return SkipPayload(client, bytes);
        if (bytes.Length < NbdWire.RequestSize) return 0;
        if (!NbdRequestHeader.TryRead(bytes, out var header) || NbdRules.IsAbsurd(in header))
        {
            Doom(client);
            return 0;
        }

        if (header.Command == NbdCommand.Disc)
        {
            // What it asked before is answered.
            client.Ended = true;
            return NbdWire.RequestSize;
        }

        Begin(client, in header);
        return NbdWire.RequestSize;
    }

    private void Begin(NbdClient client, in NbdRequestHeader header)
    {
        var error = NbdRules.Check(client.Export!, client.Structured, client.Haggling.Allocation, in header);
        if (header.Command == NbdCommand.Write && error != NbdError.None)
        {
            (client.ToSkip, client.Refused) = (header.Length, (header.Cookie, error));
            if (header.Length == 0) Answer(client, header.Cookie, error);
        }
        else if (error != NbdError.None || (header.Length == 0 && header.Command != NbdCommand.Flush))
        {
            Answer(client, header.Cookie, error);
        }
        else if (header.Command == NbdCommand.BlockStatus)
        {
            AnswerStatus(client, in header);
        }
        else if (header.Command == NbdCommand.Write)
        {
            (client.Arriving, client.Arrived) = (new NbdRequest(client, in header), 0);
        }
        else
        {
            Submit(client, new NbdRequest(client, in header));
        }
    }

    private void Submit(NbdClient client, NbdRequest request)
    {
        if (request.Header.Command == NbdCommand.Flush) client.Unflushed = false;
        client.Remember(request);
        Requests++;
        backend.Submit(request);
    }

    private int TakePayload(NbdClient client, NbdRequest write, ReadOnlySpan<byte> bytes)
    {
        var (index, at) = Math.DivRem(client.Arrived, write.Export.PieceSize);
        var piece = write.Pieces[index] ??= GC.AllocateUninitializedArray<byte>(write.LengthOfPiece(index));
        var length = Math.Min(bytes.Length, piece.Length - at);
        bytes[..length].CopyTo(piece.AsSpan(at));
        client.Arrived += length;
        if (client.Arrived == write.Header.Length) TakeWrite(client, write);
        return length;
    }

    private void TakeWrite(NbdClient client, NbdRequest write)
    {
        client.Arriving = null;
        Submit(client, write);
    }

    private static int SkipPayload(NbdClient client, ReadOnlySpan<byte> bytes)
    {
        var length = (int)Math.Min((uint)bytes.Length, client.ToSkip);
        client.ToSkip -= (uint)length;
        if (client.ToSkip == 0) Answer(client, client.Refused.Cookie, client.Refused.Error);
        return length;
    }

    // Sends what waits, goes on with requests that waited for that, and tells epoll what to look for.
    private void Settle(NbdClient client)
    {
        while (!client.Doomed)
        {
            if (!client.Output.Send(client.Fd))
            {
                Doom(client);
                return;
            }

            if (client.Ended && client.InFlight == 0 && client.Output.Length == 0)
            {
                Leave(client);
                return;
            }

            var wasPaused = client.Paused;
            client.Paused = !client.Ended && IsFull(client);
            if (client.Paused || !wasPaused || client.Ended) break;
            Handle(client, received.AsSpan(0, client.TakeRest(received)));
        }

        if (client.Doomed || client.HungUp) return;
        var interest = (client.Paused || client.Ended ? 0 : Epoll.In) | (client.Output.Blocked ? Epoll.Out : 0);
        if (interest == client.Interest) return;
        client.Interest = interest;
        epoll.Change(client.Fd, interest, client.Id);
    }

    // Its replies have nowhere to go any more, so its requests are not worth handling; those that are on their way are done.
    private void HangUp(NbdClient client)
    {
        if (client.HungUp) return;
        (client.Ended, client.HungUp, client.Arriving) = (true, true, null);
        client.Release();
        epoll.Remove(client.Fd);
        MarkDirty(client);
    }

    // All is done that it asked. What it wrote and has not flushed is flushed before it is closed: a client that waits for that may look at the image.
    private void Leave(NbdClient client)
    {
        if (client.Unflushed) Submit(client, new NbdRequest(client, new NbdRequestHeader(NbdCommandFlags.None, NbdCommand.Flush, 0, 0, 0)) { Unasked = true });
        else Doom(client);
    }

    // The server ends: what has not been answered will not be done.
    private void ShutDown(NbdClient client)
    {
        if (client.Doomed || client.HungUp) return;
        foreach (var request in client.Unanswered)
        {
            if (!request.Unasked) Answer(client, request.Header.Cookie, NbdError.ESHUTDOWN);
        }

        _ = client.Output.Send(client.Fd); // as far as it goes
    }

    private void MarkDirty(NbdClient client)
    {
        if (client.Dirty) return;
        client.Dirty = true;
        dirty.Add(client);
    }

    private void Doom(NbdClient client)
    {
        if (client.Doomed) return;
        client.Doomed = true;
        client.Output.Release();
        doomed.Add(client);
    }
}
