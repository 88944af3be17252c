using System.Runtime.InteropServices;

namespace XenActors.Live.Native;

/// <summary>Which file a path names now: device, inode, and whether it is a socket.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, bool IsSocket)
{
    private const int AtFdcwd = -100;
    private const int AtSymlinkNofollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int FormatMask = 0xf000;
    private const int FormatSocket = 0xc000;

    /// <summary>Null when there is no such file or it may not be looked at.</summary>
    public static unsafe FileIdentity? Of(ReadOnlySpan<byte> path)
    {
        // struct statx: mode at 28, inode at 32, device numbers at 136; 256 bytes on every architecture.
        var stat = stackalloc byte[256];
        fixed (byte* name = path)
        {
            if (Libc.statx(AtFdcwd, name, AtSymlinkNofollow, BasicStats, stat) < 0) return null;
        }

        var fields = new ReadOnlySpan<byte>(stat, 256);
        var mode = MemoryMarshal.Read<ushort>(fields[28..]);
        return new(MemoryMarshal.Read<ulong>(fields[136..]), MemoryMarshal.Read<ulong>(fields[32..]), (mode & FormatMask) == FormatSocket);
    }
}
