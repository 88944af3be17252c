using System.Globalization;

namespace XenActors.Simulation;

/// <summary>A point in virtual time: nanoseconds since the simulation began. Never a length; see <see cref="VirtualDuration"/>.</summary>
public readonly record struct VirtualTime(long Nanoseconds) : IComparable<VirtualTime>, ICodec<VirtualTime>
{
    public static readonly VirtualTime Zero = new(0);

    /// <summary>Later than every event: "no limit".</summary>
    public static readonly VirtualTime Never = new(long.MaxValue);

    public static VirtualTime operator +(VirtualTime time, VirtualDuration duration) => new(time.Nanoseconds + duration.Nanoseconds);

    public static VirtualTime operator -(VirtualTime time, VirtualDuration duration) => new(time.Nanoseconds - duration.Nanoseconds);

    public static VirtualDuration operator -(VirtualTime later, VirtualTime earlier) => new(later.Nanoseconds - earlier.Nanoseconds);

    public static bool operator <(VirtualTime left, VirtualTime right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(VirtualTime left, VirtualTime right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(VirtualTime left, VirtualTime right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(VirtualTime left, VirtualTime right) => left.Nanoseconds >= right.Nanoseconds;

    public int CompareTo(VirtualTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Seconds with nine decimals, as <c>12.345678901</c>.</summary>
    public override string ToString() =>
        this == Never ? "never" : (Nanoseconds / 1e9m).ToString("0.000000000", CultureInfo.InvariantCulture);

    static ulong ICodec<VirtualTime>.Schema => 0x5654494d45000001;

    static void ICodec<VirtualTime>.Encode<TSink>(in VirtualTime value, ref TSink sink) => sink.Signed(value.Nanoseconds);

    static VirtualTime ICodec<VirtualTime>.Decode(ref CodecReader reader) => new(reader.Signed());
}
