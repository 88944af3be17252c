namespace XenActors.Simulation;

/// <summary>A number for each type that somebody wants to see. It depends on who was first and never reaches a history.</summary>
internal static class TapType
{
    private static readonly Lock Gate = new();
    private static int _next;

    public static int Next()
    {
        lock (Gate)
        {
            return _next++;
        }
    }
}

internal static class TapType<T>
{
    public static readonly int Id = TapType.Next();
}
