namespace XenActors.Abi;

/// <summary>A domain's number; those from <see cref="FirstReserved"/> on never name a guest. Source: <c>public/xen.h</c>.</summary>
public readonly record struct DomId(ushort Value) : IComparable<DomId>
{
    public static readonly DomId Dom0 = new(0);

    /// <summary>The first number that no guest can have (DOMID_FIRST_RESERVED).</summary>
    public static readonly DomId FirstReserved = new(0x7FF0);

    /// <summary>The caller itself (DOMID_SELF); shares its number with <see cref="FirstReserved"/>.</summary>
    public static readonly DomId Self = new(0x7FF0);

    /// <summary>Owner of memory-mapped I/O (DOMID_IO).</summary>
    public static readonly DomId Io = new(0x7FF1);

    /// <summary>The hypervisor (DOMID_XEN).</summary>
    public static readonly DomId Xen = new(0x7FF2);

    /// <summary>Owner of copy-on-write pages (DOMID_COW).</summary>
    public static readonly DomId Cow = new(0x7FF3);

    /// <summary>Nobody (DOMID_INVALID).</summary>
    public static readonly DomId Invalid = new(0x7FF4);

    /// <summary>The idle domain (DOMID_IDLE).</summary>
    public static readonly DomId Idle = new(0x7FFF);

    public bool IsReserved => Value >= FirstReserved.Value;

    public int CompareTo(DomId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
