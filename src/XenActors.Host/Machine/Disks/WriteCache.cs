using System.Runtime.InteropServices;
using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>Sectors one after the other that go to the medium together.</summary>
public readonly record struct DiskRun(ulong Sector, ReadOnlyMemory<byte> Bytes);

/// <summary>Eight sectors in a disk's cache, or some of them.</summary>
[Codec]
public readonly partial record struct CachedBlock(ReadOnlyMemory<byte> Bytes, byte Sectors, VirtualTime Since);

/// <summary>
/// What a disk has answered and not yet made durable: blocks of 4 KiB by their number, the newest contents of each sector. A block that was written
/// whole is the writer's own bytes.
/// </summary>
[Codec]
public sealed partial class WriteCache
{
    private const int SectorSize = 512;
    private const uint SectorsPerBlock = 8;
    private const int BlockSize = 4096;
    private const byte Whole = 0xFF;

    // Bytes that leave together at most.
    private const int RunMax = 1 << 20;

    public SortedDictionary<ulong, CachedBlock> Blocks { get; init; } = [];

    /// <summary>Blocks in the order in which they came; one that has been rewritten stands where it stood.</summary>
    public Queue<ulong> Order { get; init; } = new();

    public long Bytes => Blocks.Count * (long)BlockSize;

    public void Write(ulong sector, byte[] data, VirtualTime now)
    {
        var end = sector + (ulong)(data.Length / SectorSize);
        for (var at = sector; at < end;)
        {
            var block = at / SectorsPerBlock;
            var first = (int)(at % SectorsPerBlock);
            var count = (int)Math.Min(SectorsPerBlock - (ulong)first, end - at);
            var bytes = data.AsMemory((int)(at - sector) * SectorSize, count * SectorSize);
            var known = Blocks.TryGetValue(block, out var old);
            if (count == SectorsPerBlock)
            {
                Blocks[block] = new(bytes, Whole, known ? old.Since : now);
            }
            else
            {
                // Old bytes may be a message's: never written to.
                var merged = new byte[BlockSize];
                old.Bytes.CopyTo(merged);
                bytes.CopyTo(merged.AsMemory(first * SectorSize));
                Blocks[block] = new(merged, (byte)(old.Sectors | (((1 << count) - 1) << first)), known ? old.Since : now);
            }

            if (!known)
            {
                Order.Enqueue(block);
            }

            at += (ulong)count;
        }
    }

    /// <summary>Puts what lies here over what was read from the medium.</summary>
    public void Overlay(ulong sector, Span<byte> data)
    {
        if (Blocks.Count == 0)
        {
            return;
        }

        var end = sector + (ulong)(data.Length / SectorSize);
        for (var block = sector / SectorsPerBlock; block * SectorsPerBlock < end; block++)
        {
            if (!Blocks.TryGetValue(block, out var cached))
            {
                continue;
            }

            for (var i = 0u; i < SectorsPerBlock; i++)
            {
                var at = (block * SectorsPerBlock) + i;
                if ((cached.Sectors & (1 << (int)i)) != 0 && at >= sector && at < end)
                {
                    cached.Bytes.Span.Slice((int)i * SectorSize, SectorSize).CopyTo(data[((int)(at - sector) * SectorSize)..]);
                }
            }
        }
    }

    /// <summary>The sectors are not here any more: they were discarded, or written past the cache.</summary>
    public void Forget(ulong sector, ulong count)
    {
        if (Blocks.Count == 0 || count == 0)
        {
            return;
        }

        var end = sector + count;
        var touched = new List<ulong>();
        var (first, last) = (sector / SectorsPerBlock, (end - 1) / SectorsPerBlock);
        if (last - first < (ulong)Blocks.Count)
        {
            for (var block = first; block <= last; block++)
            {
                if (Blocks.ContainsKey(block))
                {
                    touched.Add(block);
                }
            }
        }
        else
        {
            foreach (var block in Blocks.Keys)
            {
                if (block >= first && block <= last)
                {
                    touched.Add(block);
                }
            }
        }

        foreach (var block in touched)
        {
            var left = Blocks[block].Sectors;
            for (var i = 0u; i < SectorsPerBlock; i++)
            {
                var at = (block * SectorsPerBlock) + i;
                left = at >= sector && at < end ? (byte)(left & ~(1 << (int)i)) : left;
            }

            if (left == 0)
            {
                Blocks.Remove(block);
            }
            else
            {
                Blocks[block] = Blocks[block] with { Sectors = left };
            }
        }
    }

    /// <summary>Takes out the oldest blocks that stand one after the other; false when there is none.</summary>
    public bool TakeOldest(out DiskRun run)
    {
        run = default;
        while (Order.TryDequeue(out var block))
        {
            if (!Blocks.Remove(block, out var cached))
            {
                continue;
            }

            if (cached.Sectors != Whole)
            {
                run = Partial(block, cached);
                return true;
            }

            var bytes = cached.Bytes;
            while (bytes.Length < RunMax && Order.TryPeek(out var next) && next == block + (ulong)(bytes.Length / BlockSize)
                && Blocks.TryGetValue(next, out var more) && more.Sectors == Whole && Join(bytes, more.Bytes, out var joined))
            {
                Order.Dequeue();
                Blocks.Remove(next);
                bytes = joined;
            }

            run = new(block * SectorsPerBlock, bytes);
            return true;
        }

        return false;
    }

    /// <summary>When the oldest block came; null when there is none.</summary>
    public VirtualTime? Oldest()
    {
        while (Order.TryPeek(out var block))
        {
            if (Blocks.TryGetValue(block, out var cached))
            {
                return cached.Since;
            }

            Order.Dequeue();
        }

        return null;
    }

    /// <summary>All that is here, in the order of the sectors; it stays here.</summary>
    public IEnumerable<DiskRun> Contents()
    {
        foreach (var (block, cached) in Blocks)
        {
            for (var i = 0u; i < SectorsPerBlock; i++)
            {
                if ((cached.Sectors & (1 << (int)i)) != 0)
                {
                    yield return new((block * SectorsPerBlock) + i, cached.Bytes.Slice((int)i * SectorSize, SectorSize));
                }
            }
        }
    }

    /// <summary>The power has gone: each sector has reached the medium or not, and nobody knows which. What has, in the order of the sectors.</summary>
    public List<DiskRun> Lose(ref RandomStream random)
    {
        var kept = new List<DiskRun>();
        var odds = random.NextDouble();
        foreach (var (block, cached) in Blocks)
        {
            for (var i = 0u; i < SectorsPerBlock; i++)
            {
                if ((cached.Sectors & (1 << (int)i)) != 0 && random.NextChance(odds))
                {
                    kept.Add(new((block * SectorsPerBlock) + i, cached.Bytes.Slice((int)i * SectorSize, SectorSize)));
                }
            }
        }

        Blocks.Clear();
        Order.Clear();
        return kept;
    }

    // The first of the block's runs of sectors; the rest of it waits at the end of the order.
    private DiskRun Partial(ulong block, in CachedBlock cached)
    {
        var first = int.TrailingZeroCount(cached.Sectors);
        var count = int.TrailingZeroCount(~(cached.Sectors >> first));
        var left = (byte)(cached.Sectors & ~(((1 << count) - 1) << first));
        if (left != 0)
        {
            Blocks[block] = cached with { Sectors = left };
            Order.Enqueue(block);
        }

        return new((block * SectorsPerBlock) + (ulong)first, cached.Bytes.Slice(first * SectorSize, count * SectorSize));
    }

    // Two pieces of one array, side by side.
    private static bool Join(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other, out ReadOnlyMemory<byte> joined)
    {
        joined = default;
        if (!MemoryMarshal.TryGetArray(one, out var a) || !MemoryMarshal.TryGetArray(other, out var b)
            || !ReferenceEquals(a.Array, b.Array) || a.Offset + a.Count != b.Offset)
        {
            return false;
        }

        joined = a.Array.AsMemory(a.Offset, a.Count + b.Count);
        return true;
    }
}
