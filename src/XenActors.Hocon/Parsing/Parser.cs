namespace XenActors.Hocon;

/// <summary>One file's tokens to a tree. Included files are parsed where they are named and merged in place.</summary>
internal sealed class Parser
{
    private readonly TokenReader reader;
    private readonly IncludeLoader loader;
    private readonly IncludeScope? scope;
    private readonly ValueParser values;

    // The keys around the current position: an included file's substitutions are relative to them.
    private readonly List<string> path = [];
    private int nesting;

    public Parser(string text, string source, IncludeLoader loader, IncludeScope? scope, int nesting)
    {
        reader = new TokenReader(new Lexer(text, source).Tokenize());
        this.loader = loader;
        this.scope = scope;
        this.nesting = nesting;
        values = new ValueParser(reader, scope, ParseObject, ParseList);
    }

    public Node ParseRoot()
    {
        reader.SkipBlank();
        Node root;
        switch (reader.Kind)
        {
            case TokenKind.OpenBrace:
                root = ParseObject();
                break;
            case TokenKind.OpenBracket:
                root = ParseList();
                break;
            default:
                var bare = new ObjectNode(reader.Current.Origin);
                ParseFields(bare, TokenKind.End, "end of file");
                root = bare;
                break;
        }
        reader.SkipBlank();
        return reader.Kind == TokenKind.End ? root : throw reader.Expected("end of file");
    }

    private ObjectNode ParseObject()
    {
        Deepen(1);
        var result = new ObjectNode(reader.Take().Origin);
        ParseFields(result, TokenKind.CloseBrace, "'}'");
        reader.Take();
        nesting--;
        return result;
    }

    private ListNode ParseList()
    {
        Deepen(1);
        var origin = reader.Take().Origin;
        var items = new List<Layer>();
        reader.SkipBlank();
        while (reader.Kind != TokenKind.CloseBracket)
        {
            RequireMore("']'");
            items.Add(new Layer(values.Parse(), null));
            EndItem(TokenKind.CloseBracket, "']'");
        }
        reader.Take();
        nesting--;
        return new ListNode(origin, items);
    }

    private void ParseFields(ObjectNode into, TokenKind close, string closeName)
    {
        reader.SkipBlank();
        while (reader.Kind != close)
        {
            RequireMore(closeName);
            ParseField(into);
            EndItem(close, closeName);
        }
    }

    private void RequireMore(string closeName)
    {
        if (reader.Kind == TokenKind.End)
        {
            throw reader.Expected(closeName);
        }
    }

    // One comma or at least one newline parts two items; one comma may follow the last.
    private void EndItem(TokenKind close, string closeName)
    {
        var newline = reader.SkipBlank();
        if (reader.Kind == TokenKind.Comma)
        {
            reader.Take();
            reader.SkipBlank();
        }
        else if (!newline && reader.Kind != close)
        {
            throw reader.Kind == TokenKind.End ? reader.Expected(closeName) : reader.Expected($"',', a new line or {closeName}");
        }
    }

    private void ParseField(ObjectNode into)
    {
        if (reader.Current is { Kind: TokenKind.Unquoted, Text: "include" })
        {
            ParseInclude(into);
            return;
        }
        var key = ParseKey();
        reader.SkipBlank();
        var separator = reader.Current;
        switch (separator.Kind)
        {
            case TokenKind.Colon or TokenKind.Equals or TokenKind.PlusEquals:
                reader.Take();
                reader.SkipBlank();
                break;
            case TokenKind.OpenBrace:
                break;
            default:
                throw reader.Expected($"':', '=', '+=' or '{{' after key '{HoconPath.Format(key)}'");
        }
        Deepen(key.Count - 1);
        path.AddRange(key);
        var value = values.Parse();
        path.RemoveRange(path.Count - key.Count, key.Count);
        nesting -= key.Count - 1;
        into.Push(key, separator.Kind == TokenKind.PlusEquals ? new AppendNode(value.Origin, value) : value);
    }

    private IReadOnlyList<string> ParseKey()
    {
        var origin = reader.Current.Origin;
        if (reader.Kind is not (TokenKind.Quoted or TokenKind.Unquoted))
        {
            throw reader.Expected(
                reader.Kind is TokenKind.SubstitutionOpen or TokenKind.OptionalSubstitutionOpen ? "a key without substitutions" : "a key");
        }
        var builder = new PathBuilder();
        while (builder.TryAdd(reader.Current))
        {
            reader.Take();
        }
        return reader.Kind is TokenKind.Quoted or TokenKind.Unquoted || builder.TryBuild() is not { } keys
            ? throw new HoconException(origin, "expected a key path without empty elements (an empty key is written \"\") but found one")
            : keys;
    }

    private void ParseInclude(ObjectNode into)
    {
        var statement = IncludeStatement.Parse(reader);
        var prefix = scope is null ? [.. path] : (IReadOnlyList<string>)[.. scope.Prefix, .. path];
        // Without new keys around it an included file's substitutions have no other place to be looked up at.
        var inner = path.Count == 0 ? scope : new IncludeScope(prefix, scope);
        loader.Include(statement, inner, nesting, into);
    }

    private void Deepen(int levels)
    {
        if (nesting + levels > HoconLimits.MaxNesting)
        {
            throw new HoconException(reader.Current.Origin, $"expected at most {HoconLimits.MaxNesting} levels of nesting but found more");
        }
        nesting += levels;
    }
}
