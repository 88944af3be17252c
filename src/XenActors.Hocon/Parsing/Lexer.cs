namespace XenActors.Hocon;

/// <summary>Text to tokens. Comments vanish here; whitespace does not, since it counts between simple values.</summary>
internal sealed class Lexer(string text, string source)
{
    private readonly List<Token> tokens = [];
    private int at;
    private int line = 1;
    private int lineStart;

    public List<Token> Tokenize()
    {
        while (at < text.Length)
        {
            Next();
        }
        Add(TokenKind.End, "", at);
        return tokens;
    }

    private HoconOrigin OriginAt(int position) => new(source, line, position - lineStart + 1);

    private char Peek(int ahead) => at + ahead < text.Length ? text[at + ahead] : '\0';

    private void Add(TokenKind kind, string tokenText, int start) => tokens.Add(new Token(kind, tokenText, OriginAt(start)));

    private void Take(TokenKind kind, string tokenText)
    {
        Add(kind, tokenText, at);
        at += tokenText.Length;
    }

    private void Next()
    {
        var c = text[at];
        switch (c)
        {
            case '\n':
                Take(TokenKind.Newline, "\n");
                line++;
                lineStart = at;
                break;
            case '{': Take(TokenKind.OpenBrace, "{"); break;
            case '}': Take(TokenKind.CloseBrace, "}"); break;
            case '[': Take(TokenKind.OpenBracket, "["); break;
            case ']': Take(TokenKind.CloseBracket, "]"); break;
            case ',': Take(TokenKind.Comma, ","); break;
            case ':': Take(TokenKind.Colon, ":"); break;
            case '=': Take(TokenKind.Equals, "="); break;
            case '+' when Peek(1) == '=': Take(TokenKind.PlusEquals, "+="); break;
            case '$' when Peek(1) == '{' && Peek(2) == '?': Take(TokenKind.OptionalSubstitutionOpen, "${?"); break;
            case '$' when Peek(1) == '{': Take(TokenKind.SubstitutionOpen, "${"); break;
            case '#':
            case '/' when Peek(1) == '/':
                SkipComment();
                break;
            case '"':
                TakeQuoted();
                break;
            default:
                TakeRun(c);
                break;
        }
    }

    private void SkipComment()
    {
        var end = text.IndexOf('\n', at);
        at = end < 0 ? text.Length : end;
    }

    private void TakeRun(char first)
    {
        if (CharClass.IsWhitespace(first))
        {
            var end = at + 1;
            while (end < text.Length && CharClass.IsWhitespace(text[end]))
            {
                end++;
            }
            Take(TokenKind.Whitespace, text[at..end]);
        }
        else if (CharClass.IsForbidden(first))
        {
            throw new HoconException(OriginAt(at), $"expected a key or a value but found '{first}', which must stand in quotes");
        }
        else
        {
            Take(TokenKind.Unquoted, text[at..UnquotedEnd()]);
        }
    }

    private int UnquotedEnd()
    {
        var numeric = char.IsAsciiDigit(text[at]) || text[at] == '-';
        var end = at + 1;
        for (; end < text.Length; end++)
        {
            var c = text[end];
            if (numeric && c == '+' && IsExponentSign(end))
            {
                continue;
            }
            var comment = c == '/' && end + 1 < text.Length && text[end + 1] == '/';
            if (comment || c == '\n' || CharClass.IsForbidden(c) || CharClass.IsWhitespace(c))
            {
                break;
            }
        }
        return end;
    }

    // The plus of 1e+5 is the one forbidden character that a number may hold.
    private bool IsExponentSign(int plus) =>
        text[plus - 1] is 'e' or 'E'
        && plus + 1 < text.Length && char.IsAsciiDigit(text[plus + 1])
        && JsonNumber.Matches(text.AsSpan(at, plus - 1 - at));

    private void TakeQuoted()
    {
        var origin = OriginAt(at);
        if (Peek(1) == '"' && Peek(2) == '"')
        {
            TakeTripleQuoted(origin);
            return;
        }
        var (value, end, problemAt, problem) = QuotedText.Read(text, at + 1);
        if (problem is not null)
        {
            throw new HoconException(OriginAt(problemAt), problem);
        }
        tokens.Add(new Token(TokenKind.Quoted, value, origin));
        at = end;
    }

    private void TakeTripleQuoted(HoconOrigin origin)
    {
        var start = at + 3;
        var end = text.IndexOf("\"\"\"", start, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new HoconException(origin, "expected '\"\"\"' to close this string but found end of file");
        }
        // Quotes beyond the closing three belong to the string.
        var close = end + 3;
        while (close < text.Length && text[close] == '"')
        {
            close++;
        }
        tokens.Add(new Token(TokenKind.Quoted, text[start..(close - 3)], origin));
        for (var i = text.IndexOf('\n', start, close - start); i >= 0; i = text.IndexOf('\n', lineStart, close - lineStart))
        {
            line++;
            lineStart = i + 1;
        }
        at = close;
    }
}
