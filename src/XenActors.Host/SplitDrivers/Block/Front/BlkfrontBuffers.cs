using System.Runtime.InteropServices;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>
/// One ring's pages for data: Linux' <c>struct grant</c> list. The page that was used last is used first; with persistent grants a page keeps
/// its reference. A page's contents are this end's replica.
/// </summary>
[Codec]
public sealed partial class BlkfrontBuffers
{
    private uint[] Refs { get; set; } = [];

    private ReadOnlyMemory<byte>[] Pages { get; set; } = [];

    private int[] Free { get; set; } = [];

    private int FreeCount { get; set; }

    /// <summary>By reference: the page's place and one more; 0 for a reference that is not in this pool.</summary>
    private int[] Places { get; set; } = [];

    /// <summary>Pages with a reference.</summary>
    public int Granted { get; private set; }

    public int FreePages => FreeCount;

    public static BlkfrontBuffers Create(int pages)
    {
        var buffers = new BlkfrontBuffers { Refs = new uint[pages], Pages = new ReadOnlyMemory<byte>[pages], Free = new int[pages], FreeCount = pages };
        for (var i = 0; i < pages; i++)
        {
            buffers.Free[i] = pages - 1 - i;
        }

        return buffers;
    }

    public int Take() => Free[--FreeCount];

    public void Give(int place)
    {
        Pages[place] = default;
        Free[FreeCount++] = place;
    }

    /// <summary>0 when the page is not granted.</summary>
    public uint Ref(int place) => Refs[place];

    public void SetRef(int place, uint reference)
    {
        Refs[place] = reference;
        Granted++;
        if (reference >= (uint)Places.Length)
        {
            var places = Places;
            Array.Resize(ref places, Math.Max(64, (int)System.Numerics.BitOperations.RoundUpToPowerOf2(reference + 1)));
            Places = places;
        }

        Places[reference] = place + 1;
    }

    public uint ClearRef(int place)
    {
        var reference = Refs[place];
        Refs[place] = 0;
        Places[reference] = 0;
        Granted--;
        return reference;
    }

    public ReadOnlyMemory<byte> Page(int place) => Pages[place];

    public void SetPage(int place, ReadOnlyMemory<byte> bytes) => Pages[place] = bytes;

    /// <summary>The backend has written into a page. One that is in nobody's use keeps nothing.</summary>
    public void Arrive(in PageWrite write)
    {
        if (write.Ref < (uint)Places.Length && Places[write.Ref] is > 0 and var place && write.Offset + write.Bytes.Length <= Gfn.PageSize)
        {
            Pages[place - 1] = PageBytes.Overwrite(Pages[place - 1], write.Offset, write.Bytes);
        }
    }

    /// <summary>Pages in a row as one body: the array that they are slices of when they are the whole of it in order, else a copy.</summary>
    public byte[] Join(ReadOnlySpan<int> places, int bytes)
    {
        byte[]? array = null;
        for (var i = 0; i < places.Length; i++)
        {
            if (!MemoryMarshal.TryGetArray(Pages[places[i]], out var part) || part.Array is null || part.Array.Length != bytes
                || part.Offset != i * Gfn.PageSize || (i > 0 && !ReferenceEquals(array, part.Array)))
            {
                var joined = GC.AllocateUninitializedArray<byte>(bytes);
                Copy(places, joined);
                return joined;
            }

            array = part.Array;
        }

        return array ?? [];
    }

    public void Copy(ReadOnlySpan<int> places, Span<byte> to)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var part = to.Slice(i * Gfn.PageSize, Math.Min(Gfn.PageSize, to.Length - (i * Gfn.PageSize)));
            PageBytes.Whole(Pages[places[i]]).Span[..part.Length].CopyTo(part);
        }
    }

    /// <summary>Takes all free pages that still have a reference out of the pool, the one that was used last at the end.</summary>
    public List<int> TakeIdle()
    {
        var idle = new List<int>();
        var kept = 0;
        for (var i = 0; i < FreeCount; i++)
        {
            if (Refs[Free[i]] != 0)
            {
                idle.Add(Free[i]);
            }
            else
            {
                Free[kept++] = Free[i];
            }
        }

        FreeCount = kept;
        return idle;
    }

    /// <summary>A page that has no reference any more is used last.</summary>
    public void GiveLast(int place)
    {
        Array.Copy(Free, 0, Free, 1, FreeCount++);
        Free[0] = place;
    }

    /// <summary>Every reference of the pool, which forgets them.</summary>
    public List<uint> Clear()
    {
        var refs = new List<uint>();
        for (var place = 0; place < Refs.Length; place++)
        {
            if (Refs[place] != 0)
            {
                refs.Add(ClearRef(place));
            }
        }

        return refs;
    }
}
