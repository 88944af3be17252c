namespace XenActors.Xenstore;

/// <summary>What a <see cref="PathTable{T}"/> finds by its path.</summary>
internal interface IPathKeyed
{
    string Path { get; }
}

/// <summary>
/// A hash table from paths to objects, with open addressing. It cannot be enumerated, so the order of its slots is never seen;
/// its hash is our own, so that it is the same in every process.
/// </summary>
internal sealed class PathTable<T>
    where T : class, IPathKeyed
{
    private T?[] slots = new T?[16];
    private uint[] hashes = new uint[16];

    public int Count { get; private set; }

    public const uint HashSeed = 2166136261;

    /// <summary>FNV-1a, a character at a time, so that every prefix's hash falls out on the way; it wraps by design.</summary>
    public static uint Mix(uint hash, char c) => unchecked((hash ^ c) * 16777619);

    public static uint Hash(ReadOnlySpan<char> path)
    {
        var hash = HashSeed;
        foreach (var c in path) hash = Mix(hash, c);
        return hash;
    }

    public T? Find(ReadOnlySpan<char> path) => Find(path, Hash(path));

    public T? Find(ReadOnlySpan<char> path, uint hash)
    {
        var mask = slots.Length - 1;
        for (var at = Home(hash, mask); slots[at] is { } item; at = (at + 1) & mask)
        {
            if (hashes[at] == hash && path.SequenceEqual(item.Path)) return item;
        }

        return null;
    }

    /// <summary>Adds an object whose path is not in the table.</summary>
    public void Add(T item)
    {
        if (Count * 2 >= slots.Length) Grow();
        Place(item, Hash(item.Path));
        Count++;
    }

    public void Remove(T item)
    {
        var mask = slots.Length - 1;
        var at = Home(Hash(item.Path), mask);
        while (!ReferenceEquals(slots[at], item)) at = (at + 1) & mask;
        // Close the gap: move back each follower that may not lie behind it.
        for (var next = (at + 1) & mask; slots[next] is { } follower; next = (next + 1) & mask)
        {
            var home = Home(hashes[next], mask);
            if (((next - home) & mask) < ((next - at) & mask)) continue;
            slots[at] = follower;
            hashes[at] = hashes[next];
            at = next;
        }

        slots[at] = null;
        Count--;
    }

    // FNV's low bits are weak for paths that differ in their last character; fold the high ones in.
    private static int Home(uint hash, int mask) => (int)((hash ^ hash >> 15) & (uint)mask);

    private void Place(T item, uint hash)
    {
        var mask = slots.Length - 1;
        var at = Home(hash, mask);
        while (slots[at] is not null) at = (at + 1) & mask;
        slots[at] = item;
        hashes[at] = hash;
    }

    private void Grow()
    {
        var (oldSlots, oldHashes) = (slots, hashes);
        slots = new T?[oldSlots.Length * 2];
        hashes = new uint[oldSlots.Length * 2];
        for (var i = 0; i < oldSlots.Length; i++)
        {
            if (oldSlots[i] is { } item) Place(item, oldHashes[i]);
        }
    }
}
