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

    private static ulong Hash(byte[] body)
    {
        var sink = new HashSink(0);
        sink.Bytes(body);
        return sink.Value;
    }
}
