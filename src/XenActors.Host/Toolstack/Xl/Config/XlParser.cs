namespace XenActors.Toolstack.Xl;

/// <summary>
/// libxlu's configuration grammar, with the error recovery and the messages of its generated parser: an error skips
/// to the next newline and stays quiet until three tokens have fitted again; junk after a complete value ends it all.
/// </summary>
public sealed class XlParser
{
    private const string AfterIdent = "+= or '='";
    private const string AtStatement = "$end or IDENT or NEWLINE or ';'";

    private readonly XlLexer _lexer;
    private readonly XlSyntaxErrors _errors;
    private readonly List<XlSetting> _settings = [];
    private readonly SortedDictionary<string, XlSetting> _last = new(StringComparer.Ordinal);
    private int _quietTokens;
    private XlToken _token;

    private XlParser(string text, XlSyntaxErrors errors)
    {
        _errors = errors;
        _lexer = new XlLexer(text, errors);
    }

    /// <summary>Parses a file's text; never throws for what stands in it.</summary>
    public static XlConfigFile Parse(string text, string fileName)
    {
        var log = new DiagnosticLog(fileName);
        var errors = new XlSyntaxErrors(log);
        var parser = new XlParser(text, errors);
        parser.File();
        errors.Finish();
        return new XlConfigFile(fileName, parser._settings, log.Lines, !errors.Failed);
    }

    private void File()
    {
        _token = _lexer.Next();
        while (_token.Kind != XlTokenKind.End)
        {
            var goesOn = _token.Kind switch
            {
                XlTokenKind.NewLine or XlTokenKind.Semicolon => Shift(),
                XlTokenKind.Ident => Assignment(),
                _ => Unexpected(AtStatement) && Recover(),
            };
            if (!goesOn)
            {
                return;
            }
        }
    }

    private bool Assignment()
    {
        var key = _token;
        Shift();
        var operation = _token;
        if (operation.Kind is not (XlTokenKind.Equals or XlTokenKind.PlusEquals))
        {
            return Unexpected(AfterIdent) && Recover();
        }

        Shift();
        var reader = new XlValueReader(_token, NextAfterShift);
        var value = reader.Read();
        if (value == null)
        {
            _token = reader.Token;
            return reader.TooDeep ? TooDeep() : Unexpected(reader.Expected) && Recover();
        }

        Store(key, operation.Kind == XlTokenKind.PlusEquals, value, reader.Token);
        Shift();
        return _token.Kind is XlTokenKind.NewLine or XlTokenKind.Semicolon or XlTokenKind.End || StopAtJunk();
    }

    private bool Shift()
    {
        _token = NextAfterShift();
        return true;
    }

    private XlToken NextAfterShift()
    {
        _quietTokens -= _quietTokens > 0 ? 1 : 0;
        return _lexer.Next();
    }

    private bool Unexpected(string expected)
    {
        if (_quietTokens == 0)
        {
            _errors.Syntax(_token, $"syntax error, unexpected {_token.Name}, expecting {expected}");
        }

        return true;
    }

    private bool StopAtJunk()
    {
        Unexpected("$end");
        return false;
    }

    private bool TooDeep()
    {
        _errors.Syntax(_token, "memory exhausted");
        return false;
    }

    private bool Recover()
    {
        while (_token.Kind is not (XlTokenKind.NewLine or XlTokenKind.End))
        {
            _token = _lexer.Next();
        }

        _quietTokens = 3;
        return _token.Kind == XlTokenKind.NewLine && Shift();
    }

    private void Store(XlToken key, bool isAddition, XlValue value, XlToken last)
    {
        if (_errors.Failed)
        {
            return;
        }

        if (isAddition && _last.TryGetValue(key.Text, out var before))
        {
            var joined = Join(before.Value, value);
            if (joined == null)
            {
                _errors.Lexical(_lexer.Line, last.Text, value.Position, "can't add [list] to \"string\" or vice versa");
                return;
            }

            value = joined;
        }

        var setting = new XlSetting(key.Text, isAddition, value, key.Position, value.Position.Line);
        _settings.Add(setting);
        _last[key.Text] = setting;
    }

    private static XlValue? Join(XlValue before, XlValue value) => (before, value) switch
    {
        (XlString a, XlString b) => b with { Text = a.Text + b.Text },
        (XlList a, XlList b) => b with { Items = [.. a.Items, .. b.Items] },
        _ => null,
    };
}
