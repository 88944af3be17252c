using System.Buffers;
using System.Buffers.Binary;
using XenActors.Experiments.Nbd;
using XenActors.Live.Native;

namespace XenActors.Live.Nbd;

/// <summary>What waits for one client to read it: small things side by side in blocks, a payload's pieces as they are.</summary>
internal sealed unsafe class NbdOutput
{
    private const int BlockSize = 64 * 1024;

    // A copy up to this length is cheaper than a send of its own.
    private const int CopyMax = 16 * 1024;

    private readonly Queue<Piece> pieces = new();

    // The block that small things are added to; it goes to the pieces when a large one follows, or when it is sent.
    private byte[] block = [];
    private int blockEnd;

    // Of the first piece.
    private int sent;

    public long Length { get; private set; }

    /// <summary>The last send left something behind.</summary>
    public bool Blocked { get; private set; }

    /// <summary>Room for a few bytes, to be filled at once.</summary>
    public Span<byte> Reserve(int length)
    {
        if (blockEnd + length > block.Length) NextBlock();
        var to = block.AsSpan(blockEnd, length);
        blockEnd += length;
        Length += length;
        return to;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (blockEnd == block.Length) NextBlock();
            var length = Math.Min(bytes.Length, block.Length - blockEnd);
            bytes[..length].CopyTo(Reserve(length));
            bytes = bytes[length..];
        }
    }

    /// <summary>Bytes that nobody changes any more.</summary>
    public void AppendPiece(byte[] bytes)
    {
        if (bytes.Length <= CopyMax)
        {
            Append(bytes);
            return;
        }

        CloseBlock();
        pieces.Enqueue(new(bytes, bytes.Length, false));
        Length += bytes.Length;
    }

    /// <summary>One answer to an option.</summary>
    public void OptionReply(NbdOption option, NbdOptionReply type, ReadOnlySpan<byte> data)
    {
        var to = Reserve(NbdWire.OptionReplySize);
        BinaryPrimitives.WriteUInt64BigEndian(to, NbdWire.OptionReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], (uint)option);
        BinaryPrimitives.WriteUInt32BigEndian(to[12..], (uint)type);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], (uint)data.Length);
        Append(data);
    }

    public void SimpleReply(ulong cookie, NbdError error)
    {
        var to = Reserve(NbdWire.SimpleReplySize);
        BinaryPrimitives.WriteUInt32BigEndian(to, NbdWire.SimpleReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], (uint)error);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], cookie);
    }

    /// <summary>The head of a structured reply's only chunk.</summary>
    public void Chunk(ulong cookie, NbdReplyType type, uint length)
    {
        var to = Reserve(NbdWire.StructuredReplySize);
        BinaryPrimitives.WriteUInt32BigEndian(to, NbdWire.StructuredReplyMagic);
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], (ushort)NbdReplyFlags.Done);
        BinaryPrimitives.WriteUInt16BigEndian(to[6..], (ushort)type);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], cookie);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], length);
    }

    /// <summary>Sends what the socket takes; false when there is nobody to read it any more.</summary>
    public bool Send(int fd)
    {
        while (true)
        {
            if (pieces.Count == 0) CloseBlock();
            if (!pieces.TryPeek(out var piece)) break;
            nint count;
            fixed (byte* from = piece.Bytes)
            {
                count = DirectCalls.Send(fd, from + sent, (nuint)(piece.Length - sent));
            }

            if (count < 0)
            {
                if (Libc.Errno is not (Libc.EAGAIN or Libc.EINTR or Libc.ENOBUFS or Libc.ENOMEM)) return false;
                Blocked = true;
                return true;
            }

            sent += (int)count;
            Length -= count;
            if (sent < piece.Length) continue;
            sent = 0;
            pieces.Dequeue();
            if (piece.Pooled) ArrayPool<byte>.Shared.Return(piece.Bytes);
        }

        Blocked = false;
        return true;
    }

    /// <summary>Forgets everything.</summary>
    public void Release()
    {
        CloseBlock();
        while (pieces.TryDequeue(out var piece))
        {
            if (piece.Pooled) ArrayPool<byte>.Shared.Return(piece.Bytes);
        }

        (sent, Length, Blocked) = (0, 0, false);
    }

    private void NextBlock()
    {
        CloseBlock();
        block = ArrayPool<byte>.Shared.Rent(BlockSize);
    }

    private void CloseBlock()
    {
        if (blockEnd > 0) pieces.Enqueue(new(block, blockEnd, true));
        else if (block.Length > 0) ArrayPool<byte>.Shared.Return(block);
        (block, blockEnd) = ([], 0);
    }

    private readonly record struct Piece(byte[] Bytes, int Length, bool Pooled);
}
