namespace XenActors.Hocon;

/// <summary>A mistake in a configuration, in one line: <c>path/file.conf:3:14: expected '}' but found end of file</c>.</summary>
public sealed class HoconException : Exception
{
    public HoconException(HoconOrigin origin, string problem, Exception? cause = null)
        : base($"{origin}: {problem}", cause)
    {
        Origin = origin;
        Problem = problem;
    }

    public HoconOrigin Origin { get; }

    /// <summary>The message without its place.</summary>
    public string Problem { get; }
}
