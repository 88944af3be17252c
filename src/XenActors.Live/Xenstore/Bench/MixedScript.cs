using XenActors.Abi;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>Seven reads to three writes, each of a random key.</summary>
internal sealed class MixedScript(byte[][] reads, byte[][] writes, int seed) : IBenchScript
{
    private readonly Random random = new(seed); // the same keys in every run

    public ReadOnlySpan<byte> Next() => (random.Next(10) < 7 ? reads : writes)[random.Next(reads.Length)];

    public bool Take(XsWireType type, ReadOnlySpan<byte> payload) => type != XsWireType.Error;
}
