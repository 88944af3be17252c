using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace XenActors.Experiments.Volumes;

/// <summary>Bytes of a file, or of a block device, that read as zeroes.</summary>
internal static class FileHoles
{
    // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE
    private const int PunchHole = 1 | 2;
    private const int FillStep = 1 << 20;

    /// <summary>Gives the bytes back to the file system; false when it cannot.</summary>
    public static bool Punch(SafeFileHandle file, ulong offset, ulong length) =>
        length == 0 || (OperatingSystem.IsLinux() && NativeMethods.fallocate(file, PunchHole, (long)offset, (long)length) == 0);

    /// <summary>Writes zeroes.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Fill(SafeFileHandle file, ulong offset, ulong length)
    {
        ReadOnlySpan<byte> zeroes = new byte[Math.Min(length, FillStep)];
        for (; length > 0; length -= (ulong)zeroes.Length, offset += (ulong)zeroes.Length)
        {
            zeroes = zeroes[..(int)Math.Min(length, (ulong)zeroes.Length)];
            RandomAccess.Write(file, zeroes, (long)offset);
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int fallocate(SafeFileHandle fd, int mode, long offset, long length);
    }
}
