namespace XenActors.Hocon;

internal sealed class ListShape(HoconOrigin origin, List<Layer> items) : Shape(origin)
{
    public List<Layer> Items { get; } = items;

    public override string Describe() => "a list";
}
