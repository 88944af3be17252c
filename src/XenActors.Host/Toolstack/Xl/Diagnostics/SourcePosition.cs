namespace XenActors.Toolstack.Xl;

/// <summary>A place in a configuration file; line and column count from 1, columns in characters.</summary>
public readonly record struct SourcePosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}
