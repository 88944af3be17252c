namespace XenActors.Hocon;

/// <summary>
/// A value resolved one level deep: it is known to be a scalar, a list or an object with these keys, while what lies
/// inside is still open. This laziness lets an object refer to paths within itself.
/// </summary>
internal abstract class Shape(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;

    /// <summary>The fully resolved value, once there is one.</summary>
    public HoconValue? Forced { get; set; }

    /// <summary>Set while the inside is being resolved: meeting it again means that the value contains itself.</summary>
    public bool IsForcing { get; set; }

    /// <summary>Levels of nesting, known once forced.</summary>
    public int Height { get; set; }

    /// <summary>Values inside, shared ones counted each time they are reached; known once forced.</summary>
    public long Weight { get; set; } = 1;

    public abstract string Describe();
}
