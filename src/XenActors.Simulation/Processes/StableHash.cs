namespace XenActors.Simulation;

/// <summary>FNV-1a, 64 bits, over UTF-16 code units: the same in every process, unlike <c>string.GetHashCode</c>.</summary>
internal static class StableHash
{
    public static ulong Of(string text)
    {
        unchecked // The hash is defined modulo 2^64.
        {
            var hash = 0xCBF29CE484222325UL;
            foreach (var c in text)
            {
                hash = (hash ^ c) * 0x100000001B3;
            }

            return Mix(hash);
        }
    }

    /// <summary>Spreads every input bit over the word (the finaliser of splitmix64).</summary>
    public static ulong Mix(ulong z)
    {
        unchecked // Mixing is defined modulo 2^64.
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
