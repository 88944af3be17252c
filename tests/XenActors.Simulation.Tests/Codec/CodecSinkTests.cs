using System.Globalization;
using XenActors.Simulation;
using Xunit;

namespace XenActors.Tests.Simulation.Codec;

public sealed class CodecSinkTests
{
    [Fact]
    public void Feeds_members_in_declaration_order()
    {
        var log = new List<string>();
        var sink = new LoggingSink(log);
        Texts.Encode(new Texts("a", null, 3, (-1, "")), ref sink);
        Assert.Equal(["t:a", "t:null", "u:1", "s:3", "s:-1", "t:"], log);
    }

    [Fact]
    public void Feeds_constructor_parameters_before_the_rest()
    {
        var log = new List<string>();
        var sink = new LoggingSink(log);
        Extended.Encode(new Extended(1, 2) { Note = "n", Log = { 7 } }, ref sink);
        Assert.Equal(["s:1", "t:n", "u:1", "s:7", "u:0"], log);
    }

    [Fact]
    public void Feeds_sorted_collections_in_their_order()
    {
        var log = new List<string>();
        var sink = new LoggingSink(log);
        Everything.Encode(CodecRoundTripTests.Full(), ref sink);
        Assert.True(log.IndexOf("t:B") < log.IndexOf("t:b"));
        Assert.Equal("s:42", log[0]);
    }

    [Fact]
    public void Accepts_a_ref_struct_sink()
    {
        Span<ulong> total = stackalloc ulong[1];
        var sink = new SummingSink(total);
        Port.Encode(new Port(40), ref sink);
        Tick.Encode(default, ref sink);
        Port.Encode(new Port(2), ref sink);
        Assert.Equal(42UL, total[0]);
    }

    [Fact]
    public void Writes_the_bytes_that_the_format_names()
    {
        var buffer = new CodecBuffer();
        var sink = new ByteSink(buffer);
        sink.Unsigned(300);
        sink.Signed(-1);
        sink.Text(null);
        sink.Text("é");
        sink.Bytes([7, 8]);
        Assert.Equal("AC02" + "01" + "00" + "03C3A9" + "020708", Convert.ToHexString(buffer.Written));
        buffer.Clear();
        Assert.Equal(0, buffer.Length);
    }

    private readonly struct LoggingSink(List<string> log) : ICodecSink
    {
        public void Unsigned(ulong value) => log.Add(string.Create(CultureInfo.InvariantCulture, $"u:{value}"));

        public void Signed(long value) => log.Add(string.Create(CultureInfo.InvariantCulture, $"s:{value}"));

        public void Text(string? value) => log.Add("t:" + (value ?? "null"));

        public void Bytes(ReadOnlySpan<byte> value) => log.Add("b:" + Convert.ToHexString(value));
    }

    private readonly ref struct SummingSink(Span<ulong> total) : ICodecSink
    {
        private readonly Span<ulong> total = total;

        public void Unsigned(ulong value) => total[0] += value;

        public void Signed(long value) => throw new NotSupportedException();

        public void Text(string? value) => throw new NotSupportedException();

        public void Bytes(ReadOnlySpan<byte> value) => throw new NotSupportedException();
    }
}
