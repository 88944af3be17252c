using System.Runtime.InteropServices;
using XenActors.Abi;
using XenActors.Live.Native;
using XenActors.Xenstore.Ring;

namespace XenActors.Live.Xenstore.Guests;

/// <summary>A domain's ring page in a file that its guest maps.</summary>
internal sealed class RingFile(SharedPage page) : IXenstoreRingPage, IDisposable
{
    private const int IndicesSize = XenstoreDomainInterface.ServerFeaturesOffset - XenstoreDomainInterface.ReqConsOffset;

    public bool TryLoad(out XenstoreRingIndices indices)
    {
        Span<byte> four = stackalloc byte[IndicesSize];
        var there = page.TryReadNumbers(XenstoreDomainInterface.ReqConsOffset, four);
        var numbers = MemoryMarshal.Cast<byte, uint>(four);
        indices = there ? new(numbers[0], numbers[1], numbers[2], numbers[3]) : default;
        return there;
    }

    public bool TryRead(int offset, Span<byte> to) => page.TryRead(offset, to);

    public bool TryWrite(int offset, ReadOnlySpan<byte> from) => page.TryWrite(offset, from);

    public bool TryAdvance(int offset, uint by) => page.TryAdd(offset, by);

    public void Dispose() => page.Dispose();
}
