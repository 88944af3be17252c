namespace XenActors.Hocon;

/// <summary>
/// <c>a += item</c>, which means <c>a = ${?a} [item]</c>. A node of its own, because a long row of appends is then one
/// loop over the layers below and not one recursion each.
/// </summary>
internal sealed class AppendNode(HoconOrigin origin, Node item) : Node(origin)
{
    public Layer Item { get; } = new(item, null);
}
