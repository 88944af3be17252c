namespace XenActors.Toolstack.Xl;

/// <summary>
/// libxlu's way of reporting: one error for a line once the lexer has complained about it, blanks cut from the token,
/// and a newline shown as <c>&lt;newline&gt;</c>.
/// </summary>
internal sealed class XlSyntaxErrors(DiagnosticLog log)
{
    private int _lexicalErrorLine = -1;

    public bool Failed { get; private set; }

    /// <summary>Set by the characters that a Python expression would bring; adds xl's advice after the errors.</summary>
    public bool LikelyPython { get; set; }

    public void Lexical(int line, string text, SourcePosition at, string message)
    {
        Report(line, text, false, at, message);
        _lexicalErrorLine = line;
    }

    public void Syntax(XlToken token, string message) =>
        Report(token.XlLine, token.Text, token.Kind == XlTokenKind.End, token.Position, message);

    public void Finish()
    {
        if (!Failed)
        {
            return;
        }

        if (LikelyPython)
        {
            log.Plain(DiagnosticSeverity.Warning, "warning: Config file looks like it contains Python code.", null);
            log.Plain(DiagnosticSeverity.Warning, "warning:  Arbitrary Python is no longer supported.", null);
            log.Plain(DiagnosticSeverity.Warning, "warning:  See https://wiki.xen.org/wiki/PythonInXlConfig", null);
        }

        log.Plain(DiagnosticSeverity.Error, "Failed to parse config: Invalid argument", null);
    }

    private void Report(int line, string text, bool atEnd, SourcePosition at, string message)
    {
        if (line <= _lexicalErrorLine)
        {
            return;
        }

        // libxlu counts back by one for every token that ends in a newline, also where its number was right already.
        var newLine = "";
        if (text.EndsWith('\n'))
        {
            text = text[..^1];
            line--;
            newLine = text.Length == 0 ? "<newline>" : "";
        }

        text = text.TrimEnd(' ', '\t');
        var near = text.Length > 0 || atEnd ? $"`{text}'" : "";
        log.AtLine(DiagnosticSeverity.Error, DiagnosticOrigin.Xl, line, $"config parsing error near {near}{newLine}: {message}", at);
        Failed = true;
    }
}
