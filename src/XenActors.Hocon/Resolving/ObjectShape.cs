namespace XenActors.Hocon;

internal sealed class ObjectShape(HoconOrigin origin, OrderedDictionary<string, Layer> fields) : Shape(origin)
{
    public OrderedDictionary<string, Layer> Fields { get; } = fields;

    public override string Describe() => "an object";
}
