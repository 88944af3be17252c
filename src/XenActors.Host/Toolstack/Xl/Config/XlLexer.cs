namespace XenActors.Toolstack.Xl;

/// <summary>
/// libxlu's scanner. There is no line continuation and no Python: a backslash or an operator outside a string is a
/// lexical error that swallows the rest of the word.
/// </summary>
internal sealed class XlLexer(string text, XlSyntaxErrors errors)
{
    private int _at;
    private int _lineStart;
    private int _lastXlLine = 1;

    /// <summary>The line of the character after the last token.</summary>
    public int Line { get; private set; } = 1;

    public XlToken Next()
    {
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c is ' ' or '\t')
            {
                _at++;
            }
            else if (Scan(c) is { } token)
            {
                _lastXlLine = token.XlLine;
                return token;
            }
        }

        return new XlToken(XlTokenKind.End, "", "", Here(), _lastXlLine);
    }

    private XlToken? Scan(char c) => c switch
    {
        >= 'a' and <= 'z' => Word(XlTokenKind.Ident, IsIdent),
        >= '0' and <= '9' => Word(XlTokenKind.Number, IsNumber),
        ',' => Take(XlTokenKind.Comma, 1),
        '[' => Take(XlTokenKind.OpenBracket, 1),
        ']' => Take(XlTokenKind.CloseBracket, 1),
        '=' => Take(XlTokenKind.Equals, 1),
        ';' => Take(XlTokenKind.Semicolon, 1),
        '+' when _at + 1 < text.Length && text[_at + 1] == '=' => Take(XlTokenKind.PlusEquals, 2),
        '\n' => TakeNewLine(1),
        // A comment is a comment only with its newline: xl takes `#' on an unfinished last line for a lexical error.
        '#' when text.IndexOf('\n', _at) is >= 0 and var end => TakeNewLine(end + 1 - _at),
        '\'' or '"' when ClosingQuote(c) is >= 0 and var end => Quoted(end + 1 - _at),
        _ => Bad(c),
    };

    private static bool IsIdent(char c) => c is '.' or '_' or (>= '0' and <= '9') or (>= 'a' and <= 'z');

    private static bool IsNumber(char c) => c is 'x' or (>= '0' and <= '9') or (>= 'a' and <= 'f');

    private XlToken Word(XlTokenKind kind, Func<char, bool> member)
    {
        var end = _at + 1;
        while (end < text.Length && member(text[end]))
        {
            end++;
        }

        return Take(kind, end - _at);
    }

    private XlToken Take(XlTokenKind kind, int length)
    {
        var word = text.Substring(_at, length);
        var token = new XlToken(kind, word, word, Here(), Line);
        _at += length;
        return token;
    }

    private XlToken TakeNewLine(int length)
    {
        var token = Take(XlTokenKind.NewLine, length);
        NewLine();
        return token;
    }

    private int ClosingQuote(char quote)
    {
        for (var i = _at + 1; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == quote)
            {
                return i;
            }

            if (text[i] == '\\' && (++i >= text.Length || text[i] == '\n'))
            {
                return -1;
            }
        }

        return -1;
    }

    private XlToken Quoted(int length)
    {
        var token = Take(XlTokenKind.String, length);
        var problem = XlEscapes.Dequote(token.Text, out var value);
        if (problem != null && !errors.Failed)
        {
            errors.Lexical(Line, token.Text, token.Position, problem);
        }

        return token with { Value = value };
    }

    private XlToken? Bad(char c)
    {
        errors.LikelyPython |= c is '+' or '-' or '.' or '(' or ')' or ':';
        var position = Here();
        var end = _at + 1;
        while (end < text.Length && text[end] is not (' ' or '\t' or '\n'))
        {
            end++;
        }

        // A newline right after the first character belongs to the error, and is given back as a token.
        var ofNewLine = end == _at + 1 && end < text.Length && text[end] == '\n';
        var word = text.Substring(_at, ofNewLine ? end + 1 - _at : end - _at);
        _at += word.Length;
        if (ofNewLine)
        {
            NewLine();
        }

        errors.Lexical(Line, word, position, "lexical error");
        return ofNewLine ? new XlToken(XlTokenKind.NewLine, word, "\n", position, Line) : null;
    }

    private void NewLine()
    {
        Line++;
        _lineStart = _at;
    }

    private SourcePosition Here() => new(Line, _at - _lineStart + 1);
}
