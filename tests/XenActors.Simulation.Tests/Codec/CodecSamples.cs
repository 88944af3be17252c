using System.Collections.Immutable;
using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Codec;

public enum Colour : byte
{
    Red = 1,
    Green = 200,
}

[Flags]
public enum Depth : long
{
    Lowest = long.MinValue,
    None = 0,
    Highest = long.MaxValue,
}

[Codec]
public readonly partial record struct Scalars(
    bool Bool, byte Byte, ushort UShort, uint UInt, ulong ULong, sbyte SByte, short Short, int Int, long Long, char Char, double Double, float Float);

[Codec]
public readonly partial record struct Enums(Colour Colour, Depth Depth, Colour? Maybe);

[Codec]
public readonly partial record struct Tick;

/// <summary>A typed id as hosts write them: a readonly struct with a hidden field and its own constructor.</summary>
[Codec]
public readonly partial struct Port : IEquatable<Port>, IComparable<Port>
{
    private readonly uint number;

    public Port(int number) => this.number = (uint)number;

    public uint Number => number;

    public bool Equals(Port other) => number == other.number;

    public override bool Equals(object? obj) => obj is Port other && Equals(other);

    public override int GetHashCode() => 0;

    public int CompareTo(Port other) => number.CompareTo(other.number);
}

[Codec]
public sealed partial record Texts(string Text, string? Maybe, int? Number, (int Left, string? Right) Pair);

[Codec]
public sealed partial class Everything
{
    private int hidden;

    public static int Shared { get; set; }

    public const int Fixed = 3;

    public byte[] Bytes { get; set; } = [];

    public byte[]? MaybeBytes { get; set; }

    public ReadOnlyMemory<byte> Memory { get; init; }

    public ImmutableArray<byte> ImmutableBytes { get; init; }

    public required int[] Array { get; init; }

    public int[]?[] Jagged { get; set; } = [];

    public List<string?> List { get; } = [];

    public Queue<Port> Queue { get; } = new();

    public SortedSet<Port>? Set { get; set; }

    public SortedDictionary<string, List<Tick>> Map { get; } = new(StringComparer.Ordinal);

    public ImmutableArray<(int, Colour)> Immutable { get; set; } = [];

    public Texts? Nested { get; set; }

    public Wide Own;

    public Tick[]? Ticks { get; set; }

    [CodecIgnore]
    public Action? Ignored { get; set; }

    public int Computed => hidden * 2;

    public void Hide(int value) => hidden = value;
}

/// <summary>Has a codec written by hand, and explicitly.</summary>
public readonly record struct Wide(ulong High, ulong Low) : ICodec<Wide>
{
    static ulong ICodec<Wide>.Schema => 7;

    static void ICodec<Wide>.Encode<TSink>(in Wide value, ref TSink sink)
    {
        sink.Unsigned(value.High);
        sink.Unsigned(value.Low);
    }

    static Wide ICodec<Wide>.Decode(ref CodecReader reader) => new(reader.Unsigned(), reader.Unsigned());
}

[Codec]
public sealed partial record Extended(int First, [property: CodecIgnore] int Skipped)
{
    public string? Note { get; init; }

    public List<int> Log { get; } = [];

    private readonly List<int> trail = [];

    public IReadOnlyList<int> Trail => trail;

    public void Step(int value) => trail.Add(value);
}

[Codec]
public readonly partial record struct Guarded(int Limit)
{
    public int Half { get; } = Limit / 2;

    public required string @class { get; init; }
}

[Codec]
public sealed partial record Chain(int Value, Chain? Next);

[Codec]
public sealed partial class Alone
{
    private Alone(int value) => Value = value;

    public int Value { get; }

    public static Alone Of(int value) => new(value);
}

public static partial class Outer
{
    public partial interface IInner
    {
        [Codec]
        internal readonly partial record struct Deep(int Value);
    }
}
