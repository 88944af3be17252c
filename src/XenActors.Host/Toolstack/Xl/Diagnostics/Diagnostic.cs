namespace XenActors.Toolstack.Xl;

/// <summary>One line for the user. <paramref name="Text"/> is byte for byte what xl prints on stderr.</summary>
/// <param name="Severity">Whether xl gives up after it.</param>
/// <param name="Origin">xl's own line, or an addition of ours.</param>
/// <param name="Text">The whole line, without its newline; some of xl's messages hold several lines.</param>
/// <param name="Message">The line without the file and line that xl may put before it.</param>
/// <param name="File">The file, or "command line".</param>
/// <param name="Position">Where in the file, if known.</param>
public sealed record Diagnostic(
    DiagnosticSeverity Severity,
    DiagnosticOrigin Origin,
    string Text,
    string Message,
    string File,
    SourcePosition? Position)
{
    /// <summary><c>file:line:column: message</c>, as compilers print it and editors follow it.</summary>
    public string Located => Position is { } at ? $"{File}:{at}: {Message}" : $"{File}: {Message}";

    public override string ToString() => Text;
}
