namespace XenActors.Xenstore.Ring;

/// <summary>
/// A ring page as one of its two users reaches it. The other one may change any byte at any time, so each call looks once and what it
/// gave is all that the caller goes by. False means that the page is there no longer.
/// </summary>
public interface IXenstoreRingPage
{
    /// <summary>All four indices; each of them is whole, never half old and half new.</summary>
    bool TryLoad(out XenstoreRingIndices indices);

    bool TryRead(int offset, Span<byte> to);

    bool TryWrite(int offset, ReadOnlySpan<byte> from);

    /// <summary>Moves an index of one's own on, in one piece and after all that was read or written before.</summary>
    /// <param name="offset">Where the index lies in the page.</param>
    /// <param name="by">How many bytes were taken or put.</param>
    bool TryAdvance(int offset, uint by);
}
