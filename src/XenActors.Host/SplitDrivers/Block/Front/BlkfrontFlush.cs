using XenActors.Guest;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>Which kind of write ordering was negotiated, and how this kernel calls it.</summary>
internal readonly record struct BlkfrontFlush(string Text, bool Barriers)
{
    public static BlkfrontFlush Of(long? barrier, long? flushCache, KernelProfile kernel)
    {
        // Flush wins over barrier where the kernel knows it (2.6.38 and later).
        if (flushCache == 1 && kernel.Has("blkfront-flush"))
        {
            return new("flush diskcache: enabled", barrier == 1);
        }

        return barrier == 1
            ? new("barrier: enabled", true)
            : new(kernel.Has("blkfront-flush") ? "barrier or flush: disabled" : "barriers disabled", false);
    }
}
