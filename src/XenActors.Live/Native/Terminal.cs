namespace XenActors.Live.Native;

/// <summary>The terminal behind stdout.</summary>
public static unsafe class Terminal
{
    private const int Stdout = 1;

    /// <summary>Its width; null when stdout is none.</summary>
    public static int? Columns
    {
        get
        {
            var size = stackalloc ushort[4]; // struct winsize: rows, columns, pixels
            return Libc.ioctl(Stdout, Libc.IoctlWindowSize, (byte*)size) == 0 ? size[1] : null;
        }
    }
}
