namespace XenActors.Toolstack.Xl;

/// <summary>Collects what xl would have written to stderr, in its order.</summary>
internal sealed class DiagnosticLog(string file)
{
    private readonly List<Diagnostic> _lines = [];

    public string File { get; } = file;

    public IReadOnlyList<Diagnostic> Lines => _lines;

    public void Add(Diagnostic line) => _lines.Add(line);

    public void AddRange(IReadOnlyList<Diagnostic> lines) => _lines.AddRange(lines);

    /// <summary>A line that xl prints without saying where.</summary>
    public void Plain(DiagnosticSeverity severity, string text, SourcePosition? at) =>
        Add(new Diagnostic(severity, DiagnosticOrigin.Xl, text, text, File, at));

    /// <summary>A line that xl starts with <c>FILE:LINE:</c>; <paramref name="line"/> is the number that xl counts.</summary>
    public void AtLine(DiagnosticSeverity severity, DiagnosticOrigin origin, int line, string message, SourcePosition at) =>
        Add(new Diagnostic(severity, origin, $"{File}:{line}: {message}", message, File, at));
}
