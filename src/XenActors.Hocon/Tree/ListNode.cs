namespace XenActors.Hocon;

internal sealed class ListNode(HoconOrigin origin, List<Layer> items) : Node(origin)
{
    public List<Layer> Items { get; } = items;
}
