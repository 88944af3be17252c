namespace XenActors.Xenstore.Traces;

/// <summary>A trace, or a listing of a store, that is none.</summary>
public sealed class TraceSyntaxException(int line, int column, string message) : Exception(message)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}
