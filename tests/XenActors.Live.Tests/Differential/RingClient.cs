using System.IO.MemoryMappedFiles;
using XenActors.Abi;

namespace XenActors.Tests.Live.Differential;

/// <summary>A guest: its ring page is a file that it shares with the daemon, its event channel a named pipe in each direction.</summary>
internal sealed class RingClient : IDaemonClient
{
    private const int PageSize = 4096;
    private const int LooksMax = 64;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor page;
    private readonly int kicks;
    private readonly Action notify;
    private readonly byte[] chunk = new byte[XenstoreLimits.RingSize];

    /// <summary>Maps the ring of a domain in a daemon's directory.</summary>
    public RingClient(string directory, ushort domid, Action notify)
    {
        this.notify = notify;
        var path = Path.Combine(directory, $"dom{domid}.ring");
        using (var fresh = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)) fresh.SetLength(PageSize);
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, PageSize);
        page = file.CreateViewAccessor(0, PageSize);
        kicks = PosixFile.OpenFifo(Path.Combine(directory, $"dom{domid}.kick"));
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var prod = Index(XenstoreDomainInterface.ReqProdOffset);
            var used = unchecked(prod - Index(XenstoreDomainInterface.ReqConsOffset)); // ring indices wrap
            if (used >= XenstoreLimits.RingSize)
            {
                Await(XenstoreDomainInterface.ReqConsOffset, unchecked(prod - used));
                continue;
            }

            var at = (int)(prod % XenstoreLimits.RingSize);
            var length = Math.Min(bytes.Length, Math.Min(XenstoreLimits.RingSize - (int)used, XenstoreLimits.RingSize - at));
            page.WriteArray(XenstoreDomainInterface.ReqOffset + at, bytes[..length].ToArray(), 0, length);
            Thread.MemoryBarrier();
            page.Write(XenstoreDomainInterface.ReqProdOffset, unchecked(prod + (uint)length));
            bytes = bytes[length..];
            notify();
        }
    }

    public void Receive(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var cons = Index(XenstoreDomainInterface.RspConsOffset);
            var there = unchecked(Index(XenstoreDomainInterface.RspProdOffset) - cons); // ring indices wrap
            if (there == 0)
            {
                Await(XenstoreDomainInterface.RspProdOffset, cons);
                continue;
            }

            var at = (int)(cons % XenstoreLimits.RingSize);
            var length = Math.Min(bytes.Length, Math.Min((int)there, XenstoreLimits.RingSize - at));
            page.ReadArray(XenstoreDomainInterface.RspOffset + at, chunk, 0, length);
            chunk.AsSpan(0, length).CopyTo(bytes);
            Thread.MemoryBarrier();
            page.Write(XenstoreDomainInterface.RspConsOffset, unchecked(cons + (uint)length));
            bytes = bytes[length..];
            // It waits for room only if it saw none before this room was made.
            if (unchecked(Index(XenstoreDomainInterface.RspProdOffset) - cons) >= XenstoreLimits.RingSize) notify();
        }
    }

    public void Dispose()
    {
        page.Dispose();
        file.Dispose();
        PosixFile.Close(kicks);
    }

    // Each change of the daemon's comes with a kick. One that is left over only makes this look once more.
    private void Await(int offset, uint old)
    {
        for (var looks = 0; looks < LooksMax; looks++)
        {
            if (Index(offset) != old) return;
            Thread.SpinWait(20);
        }

        while (Index(offset) == old)
        {
            if (!PosixFile.Await(kicks)) throw new DaemonException("the ring stands still");
            PosixFile.Drain(kicks);
        }
    }

    private uint Index(int offset)
    {
        Thread.MemoryBarrier();
        return page.ReadUInt32(offset);
    }
}
