using System.Buffers.Binary;
using System.Runtime.InteropServices;
using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Tracing;

/// <summary>Every byte of a body counts, wherever it stands and however long the body is.</summary>
public sealed class HashSinkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(319)]
    [InlineData(321)]
    [InlineData(4096)]
    [InlineData(4103)]
    public void Each_byte_of_a_body_changes_the_hash(int length)
    {
        var seen = new HashSet<ulong>();
        var body = new byte[length];
        for (var at = -1; at < length; at++)
        {
            if (at >= 0)
            {
                body[at] = 1;
            }

            Assert.True(seen.Add(Hash(body)), $"byte {at}");
            if (at >= 0)
            {
                body[at] = 0;
            }
        }
    }

    [Fact]
    public void Words_that_change_places_change_the_hash()
    {
        var body = Enumerable.Range(0, 4096).Select(i => (byte)((i / 8) % 251)).ToArray();
        var swapped = body.ToArray();
        body.AsSpan(0, 8).CopyTo(swapped.AsSpan(8));
        body.AsSpan(8, 8).CopyTo(swapped);
        var apart = body.ToArray();
        body.AsSpan(0, 64).CopyTo(apart.AsSpan(64));
        body.AsSpan(64, 64).CopyTo(apart);
        Assert.Equal(3, new[] { Hash(body), Hash(swapped), Hash(apart) }.Distinct().Count());
    }

    [Fact]
    public void Zeroes_of_different_lengths_differ() =>
        Assert.Equal(5000, Enumerable.Range(0, 5000).Select(n => Hash(new byte[n])).Distinct().Count());

    [Fact]
    public void Zeroes_halves_and_equal_words_do_not_hide_their_neighbours()
    {
        // Products of zero, sums that are the same in another order, and halves that change places.
        ulong[] words = [0, 1, uint.MaxValue, 1UL << 32, (ulong)uint.MaxValue << 32, ulong.MaxValue, 0x8000_0000_0000_0000, 0x8000_0000];
        var seen = new HashSet<ulong>();
        var count = 0;
        foreach (var a in words)
        {
            foreach (var b in words)
            {
                foreach (var distance in new[] { 1, 4, 8, 16, 128, 256 })
                {
                    foreach (var at in new[] { 0, 3, 120, 129, 255 })
                    {
                        var body = new ulong[512];
                        Array.Fill(body, 7UL);
                        body[at] = a;
                        body[at + distance] = b;
                        seen.Add(Hash(MemoryMarshal.AsBytes(body.AsSpan()).ToArray()));
                        count++;
                    }
                }
            }
        }

        Assert.Equal(count, seen.Count);
    }

    [Theory]
    [InlineData(1, 256)]
    [InlineData(2, 320)]
    [InlineData(3, 1024)]
    [InlineData(4, 1087)]
    [InlineData(5, 4096)]
    [InlineData(6, 10_000)]
    public void The_hash_is_the_same_whatever_vectors_the_machine_has(int seed, int length)
    {
        var body = new byte[length];
        new Random(seed).NextBytes(body);
        Assert.Equal(WordByWord(body), Hash(body));
    }

    // A body of 256 bytes or more, without a vector.
    private static ulong WordByWord(byte[] body)
    {
        unchecked // A hash, modulo 2^64.
        {
            const ulong factor = 0x9E3779B97F4A7C15;
            static ulong Step(ulong chain, ulong word) => ulong.RotateLeft((chain ^ word) * factor, 31);
            static ulong Stir(ulong sum) => (sum ^ (sum >> 29) ^ factor) * factor;
            var words = new ulong[8];
            var products = new ulong[8];
            var stripes = body.Length / 64;
            for (var stripe = 0; stripe < stripes; stripe++)
            {
                for (var i = 0; i < 8; i++)
                {
                    var word = BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan((stripe * 64) + (i * 8)));
                    var keyed = word ^ StableHash.Mix((ulong)((stripe % 16 * 8) + i + 1) * factor);
                    words[i] += word;
                    products[i] += (keyed & uint.MaxValue) * (keyed >> 32);
                }

                if (stripe % 16 == 15 || stripe == stripes - 1)
                {
                    words = [.. words.Select(Stir)];
                    products = [.. products.Select(Stir)];
                }
            }

            var hash = words.Take(4).Aggregate(Step(0, (ulong)body.Length), Step);
            hash = Step(hash, words.Skip(4).Aggregate(1UL, Step));
            hash = Step(hash, products.Take(4).Aggregate(2UL, Step));
            hash = Step(hash, products.Skip(4).Aggregate(3UL, Step));
            for (var at = stripes * 64; at < body.Length; at += 8)
            {
                var word = new byte[8];
                body.AsSpan(at, Math.Min(8, body.Length - at)).CopyTo(word);
                hash = Step(hash, BinaryPrimitives.ReadUInt64LittleEndian(word));
            }

            return hash;
        }
    }

    private static ulong Hash(byte[] body)
    {
        var sink = new HashSink(0);
        sink.Bytes(body);
        return sink.Value;
    }
}
