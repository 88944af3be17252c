namespace XenActors.Toolstack.Xl;

/// <summary>Who says it: lines of origin <see cref="XenActors"/> are ours, real xl stays silent there.</summary>
public enum DiagnosticOrigin
{
    Xl,
    XenActors,
}
