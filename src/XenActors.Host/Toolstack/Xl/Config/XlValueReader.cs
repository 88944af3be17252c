namespace XenActors.Toolstack.Xl;

/// <summary>Reads one value; with a stack of its own, so that a file of a million brackets cannot break ours.</summary>
internal sealed class XlValueReader(XlToken first, Func<XlToken> next)
{
    // The generated parser's stack holds 10,000 entries; a level takes two, the statement around it four.
    private const int DepthMax = 4998;

    private readonly Stack<(List<XlValue> Items, SourcePosition Position)> _open = new();

    /// <summary>The value's last token, or the one that did not fit.</summary>
    public XlToken Token { get; private set; } = first;

    public string Expected { get; private set; } = "STRING or NUMBER or '['";

    public bool TooDeep { get; private set; }

    public XlValue? Read()
    {
        if (Atom() is { } atom)
        {
            return atom;
        }

        if (Token.Kind != XlTokenKind.OpenBracket)
        {
            return null;
        }

        Open();
        Expected = "']'";
        return Items();
    }

    private XlValue? Items()
    {
        var wantsValue = true;
        while (true)
        {
            Token = next();
            if (Token.Kind == XlTokenKind.NewLine)
            {
                continue;
            }

            if (Token.Kind == XlTokenKind.CloseBracket)
            {
                if (Close() is { } whole)
                {
                    return whole;
                }

                wantsValue = false;
            }
            else if (!wantsValue)
            {
                if (Token.Kind != XlTokenKind.Comma)
                {
                    return null;
                }

                wantsValue = true;
            }
            else if (Atom() is { } atom)
            {
                _open.Peek().Items.Add(atom);
                wantsValue = false;
            }
            else if (Token.Kind != XlTokenKind.OpenBracket || !Open())
            {
                return null;
            }
        }
    }

    private XlString? Atom() =>
        Token.Kind is XlTokenKind.String or XlTokenKind.Number ? new XlString(Token.Value, Token.Position) : null;

    private bool Open()
    {
        TooDeep = _open.Count == DepthMax;
        if (!TooDeep)
        {
            _open.Push(([], Token.Position));
        }

        return !TooDeep;
    }

    private XlList? Close()
    {
        var (items, position) = _open.Pop();
        var list = new XlList(items, position);
        if (_open.Count == 0)
        {
            return list;
        }

        _open.Peek().Items.Add(list);
        return null;
    }
}
