using System.Runtime.InteropServices;

namespace XenActors.Live.Native;

/// <summary>Which file it is: device, inode, and what kind.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, bool IsSocket, bool IsFifo)
{
    private const int AtFdcwd = -100;
    private const int AtSymlinkNofollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int FormatMask = 0xf000;
    private const int FormatSocket = 0xc000;
    private const int FormatFifo = 0x1000;
    private const int AtEmptyPath = 0x1000;

    /// <summary>The one that a path names now; null when there is no such file or it may not be looked at.</summary>
    public static unsafe FileIdentity? Of(ReadOnlySpan<byte> path)
    {
        fixed (byte* name = path) return Look(AtFdcwd, name, AtSymlinkNofollow);
    }

    /// <summary>The one behind a descriptor.</summary>
    public static unsafe FileIdentity? OfOpen(int descriptor)
    {
        byte empty = 0;
        return Look(descriptor, &empty, AtEmptyPath);
    }

    private static unsafe FileIdentity? Look(int directory, byte* name, int flags)
    {
        // struct statx: mode at 28, inode at 32, device numbers at 136; 256 bytes on every architecture.
        var stat = stackalloc byte[256];
        if (Libc.statx(directory, name, flags, BasicStats, stat) < 0) return null;
        var fields = new ReadOnlySpan<byte>(stat, 256);
        var format = MemoryMarshal.Read<ushort>(fields[28..]) & FormatMask;
        return new(
            MemoryMarshal.Read<ulong>(fields[136..]), MemoryMarshal.Read<ulong>(fields[32..]), format == FormatSocket, format == FormatFifo);
    }
}
