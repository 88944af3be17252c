namespace XenActors.Hocon;

internal sealed class ConcatNode(HoconOrigin origin, List<Node> pieces) : Node(origin)
{
    public List<Node> Pieces { get; } = pieces;
}
