namespace XenActors.Hocon;

internal sealed class ScalarNode(HoconScalar value, bool isGap = false) : Node(value.Origin)
{
    public HoconScalar Value { get; } = value;

    /// <summary>Unquoted whitespace between two pieces: kept between strings, ignored between lists or objects.</summary>
    public bool IsGap { get; } = isGap;

    public static ScalarNode Text(HoconOrigin origin, string text) => new(new HoconScalar(origin, HoconKind.String, text));
}
