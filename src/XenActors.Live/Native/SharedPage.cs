using System.Runtime.InteropServices;

namespace XenActors.Live.Native;

/// <summary>
/// A file's first page, shared with processes that map it and may truncate it at any moment. A load or store on a mapping of one's own
/// would then end the process (SIGBUS), so bytes go through pread and pwrite, which see what the others' mappings see. These may copy a
/// number in pieces: numbers are therefore read until two looks agree, and changed by a futex operation, which is one atomic addition and
/// fails on a page that is gone.
/// </summary>
internal sealed unsafe class SharedPage : IDisposable
{
    public const int Size = 4096;

    private const uint OwnerOnly = 0x180; // 0600
    private const int LooksMax = 8;
    private const nint Failed = -1; // MAP_FAILED
    private const int FutexWakeOpPrivate = 5 | 128;
    private const int FutexAdd = 1 << 28;
    private const int FutexArgumentMax = 2047;

    private static readonly nint FutexNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 202 : 98;

    private readonly int fd;
    private readonly nint mapping;

    private SharedPage(int fd, nint mapping) => (this.fd, this.mapping) = (fd, mapping);

    /// <summary>Opens a file, makes it if need be, and gives it a page's length; null with an errno when that cannot be.</summary>
    public static SharedPage? Open(ReadOnlySpan<byte> cString, out int error)
    {
        int fd;
        fixed (byte* name = cString) fd = Libc.open(name, Libc.OpenBothNow | Libc.OpenCreate | Libc.OpenNoTerminal, OwnerOnly);
        if (fd < 0)
        {
            error = Libc.Errno;
            return null;
        }

        var mapping = Libc.ftruncate(fd, Size) < 0 ? Failed : Libc.mmap(null, Size, Libc.ProtectReadWrite, Libc.MapShared, fd, 0);
        error = mapping == Failed ? Libc.Errno : 0;
        if (error == 0) return new(fd, mapping);
        Libc.close(fd);
        return null;
    }

    /// <summary>Reads bytes; false when the file does not have them any more.</summary>
    public bool TryRead(int offset, Span<byte> to)
    {
        fixed (byte* at = to) return Libc.pread(fd, at, (nuint)to.Length, offset) == to.Length;
    }

    public bool TryWrite(int offset, ReadOnlySpan<byte> from)
    {
        fixed (byte* at = from) return Libc.pwrite(fd, at, (nuint)from.Length, offset) == from.Length;
    }

    /// <summary>Reads numbers of which another process may be changing some. One that changes them without end gets what it deserves.</summary>
    public bool TryReadNumbers(int offset, Span<byte> to)
    {
        Span<byte> again = stackalloc byte[to.Length];
        for (var looks = 0; looks < LooksMax; looks++)
        {
            if (!TryRead(offset, to) || !TryRead(offset, again)) return false;
            if (to.SequenceEqual(again)) break;
        }

        return true;
    }

    /// <summary>Adds to a number in one piece, after all that was written before.</summary>
    public bool TryAdd(int offset, uint by)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(by, (uint)FutexArgumentMax);
        uint nobody;
        return Libc.syscall(FutexNumber, &nobody, FutexWakeOpPrivate, 0, 0, (uint*)(mapping + offset), FutexAdd | (nint)(by << 12)) >= 0;
    }

    public void Dispose()
    {
        _ = Libc.munmap(mapping, Size); // it is our own
        Libc.close(fd);
    }
}
