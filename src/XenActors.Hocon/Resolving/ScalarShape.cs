namespace XenActors.Hocon;

internal sealed class ScalarShape : Shape
{
    public ScalarShape(HoconScalar value)
        : base(value.Origin)
    {
        Value = value;
        Forced = value;
    }

    public HoconScalar Value { get; }

    public override string Describe() => Value.Describe();
}
