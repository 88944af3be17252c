namespace XenActors.Abi;

/// <summary>A virtual CPU's index within its domain. Source: <c>public/vcpu.h</c>.</summary>
public readonly record struct VcpuId(uint Value) : IComparable<VcpuId>
{
    /// <summary>Where Xen delivers by default.</summary>
    public static readonly VcpuId Boot = new(0);

    public int CompareTo(VcpuId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
