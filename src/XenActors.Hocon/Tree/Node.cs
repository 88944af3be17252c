namespace XenActors.Hocon;

/// <summary>A value as written, before substitutions. Never changed after its document is parsed; compared by reference.</summary>
internal abstract class Node(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;
}
