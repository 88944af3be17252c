using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// Has a file that only grows, and that nobody reads, leave memory as it is written: a recording of many gigabytes would push out everybody else's
/// pages, and wait in the end for all of its own at once. It is told how much was written, and does so for the part before the last.
/// Source: <c>sync_file_range(2)</c>, <c>posix_fadvise(2)</c>.
/// </summary>
internal sealed class WrittenBehind(FileStream file)
{
    private const long Part = 8 << 20;

    private readonly bool _any = OperatingSystem.IsLinux() && file.CanSeek;
    private long _written;
    private long _begun;

    [Flags]
    private enum SyncFlags : uint
    {
        WaitBefore = 1,
        Write = 2,
        WaitAfter = 4,
    }

    public void Wrote(int length)
    {
        _written += length;
        if (!_any || _written - _begun < Part)
        {
            return;
        }

        // Neither changes what the file holds; where the file system knows them not, all is as without them.
        _ = NativeMethods.sync_file_range(file.SafeFileHandle, _begun, _written - _begun, SyncFlags.Write);
        if (_begun > 0)
        {
            _ = NativeMethods.sync_file_range(file.SafeFileHandle, 0, _begun, SyncFlags.WaitBefore | SyncFlags.Write | SyncFlags.WaitAfter);
            _ = NativeMethods.posix_fadvise(file.SafeFileHandle, 0, _begun, NativeMethods.DontNeed);
        }

        _begun = _written;
    }

    private static class NativeMethods
    {
        public const int DontNeed = 4;

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int sync_file_range(SafeFileHandle fd, long offset, long length, SyncFlags flags);

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int posix_fadvise(SafeFileHandle fd, long offset, long length, int advice);
    }
}
