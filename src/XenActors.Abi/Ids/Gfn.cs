namespace XenActors.Abi;

/// <summary>A guest frame number: a guest-physical address in units of 4096 bytes. Source: <c>public/xen.h</c>.</summary>
public readonly record struct Gfn(ulong Value) : IComparable<Gfn>
{
    public const int PageShift = 12;
    public const int PageSize = 1 << PageShift;

    public static Gfn OfAddress(ulong guestPhysical) => new(guestPhysical >> PageShift);

    public int CompareTo(Gfn other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
