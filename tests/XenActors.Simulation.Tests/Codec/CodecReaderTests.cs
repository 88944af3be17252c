using XenActors.Simulation;
using Xunit;

namespace XenActors.Tests.Simulation.Codec;

public sealed class CodecReaderTests
{
    [Theory]
    [InlineData("", "truncated at byte 0")]
    [InlineData("80", "truncated at byte 1")]
    [InlineData("8000", "overlong number at byte 0")]
    [InlineData("FFFFFFFFFFFFFFFFFF02", "number of more than 64 bits at byte 0")]
    [InlineData("FFFFFFFFFFFFFFFFFF81", "number of more than 64 bits at byte 0")]
    public void Refuses_a_malformed_number(string hex, string message)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(message, Assert.Throws<CodecException>(() => new CodecReader(bytes).Unsigned()).Message);
    }

    [Theory]
    [InlineData("04C3")]
    [InlineData("FFFFFFFFFFFFFFFFFF01")]
    [InlineData("03C328")]
    [InlineData("04EDA080")]
    public void Refuses_a_malformed_text(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Throws<CodecException>(() => new CodecReader(bytes).Text());
    }

    [Fact]
    public void Checks_a_length_before_it_allocates()
    {
        byte[] bytes = Convert.FromHexString("FFFFFFFF07");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("truncated at byte 5", Assert.Throws<CodecException>(() => new CodecReader(bytes).Bytes()).Message);
        Assert.Throws<CodecException>(() => new CodecReader(bytes).Count());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Says_where_it_stands()
    {
        var reader = new CodecReader([1, 0x80, 1]);
        Assert.Equal(1UL, reader.Unsigned());
        Assert.Equal((1, 2, false), (reader.Position, reader.Remaining, reader.AtEnd));
        Assert.Equal(64L, reader.Signed());
        Assert.True(reader.AtEnd);
    }

    [Fact]
    public void Refuses_bytes_left_over()
    {
        Assert.Equal("1 bytes left over at byte 1", Assert.Throws<CodecException>(() => CodecOf.Decode<Tick>([0, 0])).Message);
    }

    [Fact]
    public void Refuses_endless_nesting()
    {
        byte[] bytes = new byte[1_000_000];
        Array.Fill(bytes, (byte)1);
        Assert.Contains("nested deeper than 1000", Assert.Throws<CodecException>(() => CodecOf.Decode<Chain>(bytes)).Message);
    }

    [Fact]
    public void Throws_nothing_but_its_own_exception_on_mutated_bytes()
    {
        byte[] good = CodecTrip.Bytes(CodecRoundTripTests.Full());
        var random = new Random(20240917);
        int refused = 0;
        for (int round = 0; round < 50_000; round++)
        {
            refused += Survives(Mutate(good, random)) ? 0 : 1;
        }

        for (int length = 0; length < good.Length; length++)
        {
            Assert.False(Survives(good[..length]));
        }

        Assert.InRange(refused, 1, 49_999);
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bytes = (byte[])good.Clone();
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static bool Survives(byte[] bytes)
    {
        try
        {
            // Whatever is accepted must be a value that can be written again.
            CodecTrip.Bytes(CodecOf.Decode<Everything>(bytes));
            return true;
        }
        catch (CodecException)
        {
            return false;
        }
    }
}
