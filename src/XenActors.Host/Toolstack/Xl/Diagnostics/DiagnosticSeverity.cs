namespace XenActors.Toolstack.Xl;

public enum DiagnosticSeverity
{
    /// <summary>xl prints it, and nothing is wrong (<c>got a tsc mode string</c>).</summary>
    Note,

    /// <summary>xl prints it and goes on with the file.</summary>
    Warning,

    /// <summary>xl prints it and gives up.</summary>
    Error,
}
