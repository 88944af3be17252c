using System.Collections.Immutable;
using XenActors.Simulation;
using Xunit;

namespace XenActors.Tests.Simulation.Codec;

public sealed class CodecRoundTripTests
{
    [Fact]
    public void Keeps_the_extremes_of_every_scalar()
    {
        Scalars[] samples =
        [
            default,
            new(true, 255, 65535, uint.MaxValue, ulong.MaxValue, -128, short.MinValue, int.MinValue, long.MinValue, '\uD800', double.MaxValue, float.MinValue),
            new(false, 1, 128, 127, 1UL << 63, 127, short.MaxValue, int.MaxValue, long.MaxValue, 'x', double.NegativeInfinity, float.Epsilon),
        ];
        Assert.All(samples, sample => Assert.Equal(sample, CodecTrip.Round(sample)));
    }

    [Fact]
    public void Keeps_the_bits_of_a_floating_point_number()
    {
        double nan = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_1234);
        Scalars back = CodecTrip.Round(default(Scalars) with { Double = nan, Float = -0f });
        Assert.Equal(0x7FF8_0000_0000_1234UL, BitConverter.DoubleToUInt64Bits(back.Double));
        Assert.Equal(0x8000_0000U, BitConverter.SingleToUInt32Bits(back.Float));
    }

    [Fact]
    public void Keeps_enums_with_values_that_have_no_name()
    {
        Enums[] samples = [default, new(Colour.Green, Depth.Lowest, null), new((Colour)77, Depth.Highest, Colour.Red)];
        Assert.All(samples, sample => Assert.Equal(sample, CodecTrip.Round(sample)));
    }

    [Fact]
    public void Tells_null_from_empty_text()
    {
        Texts[] samples = [new("", null, null, (0, "")), new("\u0000 é 漢 \U0001F600", "", 0, (-1, null))];
        Assert.All(samples, sample => Assert.Equal(sample, CodecTrip.Round(sample)));
    }

    [Fact]
    public void Keeps_a_readonly_struct_with_a_private_field()
    {
        Assert.Equal(new Port(1234), CodecTrip.Round(new Port(1234)));
    }

    [Fact]
    public void Gives_an_empty_type_one_byte()
    {
        Assert.Equal(new byte[] { 0 }, CodecTrip.Bytes(new Tick()));
        Assert.Equal(new Tick(), CodecTrip.Round(new Tick()));
    }

    [Fact]
    public void Keeps_an_empty_state()
    {
        Everything back = CodecTrip.Round(new Everything { Array = [] });
        Assert.Empty(back.Array);
        Assert.Empty(back.Bytes);
        Assert.Null(back.MaybeBytes);
        Assert.True(back.ImmutableBytes.IsDefault);
        Assert.Empty(back.List);
        Assert.Null(back.Set);
        Assert.Null(back.Nested);
        Assert.Null(back.Ticks);
        Assert.False(back.Immutable.IsDefault);
    }

    [Fact]
    public void Keeps_every_kind_of_collection()
    {
        Everything state = Full();
        Everything back = CodecTrip.Round(state);
        Assert.Equal(state.Bytes, back.Bytes);
        Assert.Equal(state.MaybeBytes, back.MaybeBytes);
        Assert.Equal(state.Memory.ToArray(), back.Memory.ToArray());
        Assert.Equal(state.ImmutableBytes.ToArray(), back.ImmutableBytes.ToArray());
        Assert.Equal(state.Array, back.Array);
        Assert.Equal(state.Jagged, back.Jagged);
        Assert.Equal(state.List, back.List);
        Assert.Equal(state.Queue, back.Queue);
        Assert.Equal(state.Set, back.Set);
        Assert.Equal(state.Map, back.Map);
        Assert.Equal(state.Immutable.ToArray(), back.Immutable.ToArray());
        Assert.Equal(state.Nested, back.Nested);
        Assert.Equal(state.Own, back.Own);
        Assert.Equal(state.Ticks, back.Ticks);
        Assert.Equal(84, back.Computed);
        Assert.Null(back.Ignored);
        Assert.Equal(CodecTrip.Bytes(state), CodecTrip.Bytes(back));
    }

    [Fact]
    public void Tells_an_empty_collection_from_null()
    {
        Everything back = CodecTrip.Round(new Everything
        {
            Array = [], MaybeBytes = [], Set = [], Ticks = [], ImmutableBytes = [], Immutable = default, Jagged = [null, []],
        });
        Assert.Empty(back.MaybeBytes!);
        Assert.Empty(back.Set!);
        Assert.Empty(back.Ticks!);
        Assert.False(back.ImmutableBytes.IsDefault);
        Assert.True(back.Immutable.IsDefault);
        Assert.Equal(new int[]?[] { null, [] }, back.Jagged);
    }

    [Fact]
    public void Keeps_what_a_positional_record_adds_and_drops_what_it_ignores()
    {
        var value = new Extended(4, 5) { Note = "n", Log = { 1, 2 } };
        value.Step(9);
        Extended back = CodecTrip.Round(value);
        Assert.Equal((4, 0, "n"), (back.First, back.Skipped, back.Note));
        Assert.Equal([1, 2], back.Log);
        Assert.Equal([9], back.Trail);
    }

    [Fact]
    public void Restores_readonly_members_without_computing_them_again()
    {
        var value = new Guarded(10) { @class = "c" } with { Limit = 50 };
        Guarded back = CodecTrip.Round(value);
        Assert.Equal((50, 5, "c"), (back.Limit, back.Half, back.@class));
        Assert.Equal(3, CodecTrip.Round(Alone.Of(3)).Value);
    }

    [Fact]
    public void Reaches_nested_and_recursive_types()
    {
        Assert.Equal(new Outer.IInner.Deep(-1), CodecTrip.Round(new Outer.IInner.Deep(-1)));
        var chain = new Chain(1, new Chain(2, new Chain(3, null)));
        Assert.Equal(chain, CodecTrip.Round(chain));
    }

    [Fact]
    public void Refuses_a_null_that_the_type_does_not_allow()
    {
        CodecException refusal = Assert.Throws<CodecException>(() => CodecTrip.Bytes(new Texts(null!, null, null, default)));
        Assert.Equal("Texts.Text is null, which its type does not allow", refusal.Message);
    }

    [Fact]
    public void Refuses_a_text_that_is_no_text()
    {
        Assert.Throws<CodecException>(() => CodecTrip.Bytes(new Texts("\uD800", null, null, default)));
    }

    internal static Everything Full()
    {
        var state = new Everything
        {
            Bytes = [1, 2, 255],
            MaybeBytes = [9],
            Memory = new byte[] { 4, 5, 6 }.AsMemory(1),
            ImmutableBytes = [7],
            Array = [int.MinValue, 0, int.MaxValue],
            Jagged = [[1], null, []],
            Set = [new Port(2), new Port(1)],
            Immutable = [(1, Colour.Red), (-1, Colour.Green)],
            Nested = new Texts("t", "m", -5, (1, "r")),
            Own = new Wide(ulong.MaxValue, 1),
            Ticks = [default, default],
            List = { "a", null, "" },
            Map = { ["b"] = [], ["B"] = [default] },
            Ignored = () => { },
        };
        state.Queue.Enqueue(new Port(8));
        state.Queue.Enqueue(new Port(7));
        state.Hide(42);
        return state;
    }
}
