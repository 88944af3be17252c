namespace XenActors.Hocon;

/// <summary>One of the values that were given to a key, above those that were given earlier.</summary>
/// <remarks>"Looking back" is going down this chain; merging objects is reading it from the top until a non-object.</remarks>
internal sealed class Layer(Node value, Layer? below)
{
    public Node Value { get; } = value;

    public Layer? Below { get; } = below;

    /// <summary>Nothing below a literal scalar or list can ever be seen.</summary>
    public static bool Hides(Node value) => value is ScalarNode or ListNode;

    /// <summary>A chain with all of <paramref name="newer"/> above all of <paramref name="older"/>; neither is changed.</summary>
    public static Layer Stack(Layer newer, Layer older, out int copied)
    {
        var values = new List<Node>();
        for (var at = newer; at is not null; at = at.Below)
        {
            if (Hides(at.Value))
            {
                copied = values.Count;
                return newer;
            }
            values.Add(at.Value);
        }
        copied = values.Count;
        var top = older;
        for (var i = values.Count - 1; i >= 0; i--)
        {
            top = new Layer(values[i], top);
        }
        return top;
    }
}
