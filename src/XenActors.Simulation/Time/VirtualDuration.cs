using System.Globalization;

namespace XenActors.Simulation;

/// <summary>A length of virtual time, in nanoseconds. Never a point; see <see cref="VirtualTime"/>.</summary>
public readonly record struct VirtualDuration(long Nanoseconds) : IComparable<VirtualDuration>, ICodec<VirtualDuration>
{
    public static readonly VirtualDuration Zero = new(0);

    public static VirtualDuration FromNanoseconds(long value) => new(value);

    public static VirtualDuration FromMicroseconds(long value) => new(value * 1_000);

    public static VirtualDuration FromMilliseconds(long value) => new(value * 1_000_000);

    public static VirtualDuration FromSeconds(long value) => new(value * 1_000_000_000);

    public static VirtualDuration operator +(VirtualDuration left, VirtualDuration right) => new(left.Nanoseconds + right.Nanoseconds);

    public static VirtualDuration operator -(VirtualDuration left, VirtualDuration right) => new(left.Nanoseconds - right.Nanoseconds);

    public static VirtualDuration operator *(VirtualDuration duration, long factor) => new(duration.Nanoseconds * factor);

    public static bool operator <(VirtualDuration left, VirtualDuration right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(VirtualDuration left, VirtualDuration right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(VirtualDuration left, VirtualDuration right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(VirtualDuration left, VirtualDuration right) => left.Nanoseconds >= right.Nanoseconds;

    public int CompareTo(VirtualDuration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>The shortest exact form in one unit, as <c>20us</c>.</summary>
    public override string ToString() => Nanoseconds switch
    {
        0 => "0s",
        var n when n % 1_000_000_000 == 0 => (n / 1_000_000_000).ToString(CultureInfo.InvariantCulture) + "s",
        var n when n % 1_000_000 == 0 => (n / 1_000_000).ToString(CultureInfo.InvariantCulture) + "ms",
        var n when n % 1_000 == 0 => (n / 1_000).ToString(CultureInfo.InvariantCulture) + "us",
        var n => n.ToString(CultureInfo.InvariantCulture) + "ns",
    };

    static ulong ICodec<VirtualDuration>.Schema => 0x5644555200000001;

    static void ICodec<VirtualDuration>.Encode<TSink>(in VirtualDuration value, ref TSink sink) => sink.Signed(value.Nanoseconds);

    static VirtualDuration ICodec<VirtualDuration>.Decode(ref CodecReader reader) => new(reader.Signed());
}
