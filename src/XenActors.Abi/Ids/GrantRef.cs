namespace XenActors.Abi;

/// <summary>An index into a domain's grant table; 0 to 7 are reserved for the tools. Source: <c>public/grant_table.h</c>.</summary>
public readonly record struct GrantRef(uint Value) : IComparable<GrantRef>
{
    /// <summary>The console ring's grant (GNTTAB_RESERVED_CONSOLE).</summary>
    public static readonly GrantRef Console = new(0);

    /// <summary>The xenstore ring's grant (GNTTAB_RESERVED_XENSTORE).</summary>
    public static readonly GrantRef Xenstore = new(1);

    /// <summary>How many references a guest's allocator must leave alone (GNTTAB_NR_RESERVED_ENTRIES).</summary>
    public const uint ReservedCount = 8;

    public bool IsReserved => Value < ReservedCount;

    public int CompareTo(GrantRef other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
