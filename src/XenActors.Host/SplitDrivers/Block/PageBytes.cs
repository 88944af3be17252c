using System.Runtime.InteropServices;
using XenActors.Abi;

namespace XenActors.SplitDrivers.Block;

/// <summary>
/// A page's contents as a value: a slice of bytes that nobody changes. A whole page that arrives takes the old one's place without a copy.
/// </summary>
internal static class PageBytes
{
    private static readonly byte[] Zeroes = new byte[Gfn.PageSize];

    /// <summary>The page with some bytes replaced; an empty page is one of zeroes.</summary>
    public static ReadOnlyMemory<byte> Overwrite(ReadOnlyMemory<byte> page, int offset, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length == Gfn.PageSize)
        {
            return bytes;
        }

        var copy = new byte[Gfn.PageSize];
        page.CopyTo(copy);
        bytes.CopyTo(copy.AsMemory(offset));
        return copy;
    }

    /// <summary>A page's bytes; an empty page is one of zeroes.</summary>
    public static ReadOnlyMemory<byte> Whole(ReadOnlyMemory<byte> page) => page.IsEmpty ? Zeroes : page;

    /// <summary>
    /// Sectors of pages in a row, as one body: the array that they are slices of when they are the whole of it in order, else a copy.
    /// </summary>
    /// <param name="bytes">How many there are together.</param>
    public static byte[] Join(ReadOnlySpan<ReadOnlyMemory<byte>> pages, ReadOnlySpan<byte> first, ReadOnlySpan<byte> last, int bytes)
    {
        if (SameArray(pages, first, last, bytes) is { } array)
        {
            return array;
        }

        var joined = GC.AllocateUninitializedArray<byte>(bytes);
        var at = 0;
        for (var i = 0; i < pages.Length; i++)
        {
            var length = (last[i] - first[i] + 1) * BlkifSectors.Size;
            Whole(pages[i]).Span.Slice(first[i] * BlkifSectors.Size, length).CopyTo(joined.AsSpan(at));
            at += length;
        }

        return joined;
    }

    private static byte[]? SameArray(ReadOnlySpan<ReadOnlyMemory<byte>> pages, ReadOnlySpan<byte> first, ReadOnlySpan<byte> last, int bytes)
    {
        byte[]? array = null;
        var at = 0;
        for (var i = 0; i < pages.Length; i++)
        {
            if (!MemoryMarshal.TryGetArray(pages[i], out var part) || part.Array is null || part.Array.Length != bytes
                || (array is not null && !ReferenceEquals(array, part.Array)) || part.Offset + (first[i] * BlkifSectors.Size) != at)
            {
                return null;
            }

            array = part.Array;
            at += (last[i] - first[i] + 1) * BlkifSectors.Size;
        }

        return array;
    }
}
