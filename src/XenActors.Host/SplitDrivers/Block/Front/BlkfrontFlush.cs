using XenActors.Guest;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>Which kind of write ordering was negotiated, and how this kernel calls it.</summary>
internal readonly record struct BlkfrontFlush(string Text, bool Barriers)
{
    /// <summary>
    /// Whether there are flushes, and whether FUA: a barrier is both, and a flush wins over it where the kernel knows flushes (2.6.38 and later).
    /// </summary>
    public static (bool Flush, bool Fua) Negotiate(bool barrier, bool flushCache, KernelProfile kernel) =>
        flushCache && kernel.Has("blkfront-flush") ? (true, false) : (barrier, barrier);

    public static BlkfrontFlush Of(bool flush, bool fua, KernelProfile kernel) => (flush, fua) switch
    {
        (true, false) => new("flush diskcache: enabled", false),
        (true, true) => new("barrier: enabled", true),
        _ => new(kernel.Has("blkfront-flush") ? "barrier or flush: disabled" : "barriers disabled", false),
    };
}
