using System.Text;

namespace XenActors.Hocon;

/// <summary>A value: one piece, or several pieces on one line that are concatenated.</summary>
internal sealed class ValueParser(TokenReader reader, IncludeScope? scope, Func<ObjectNode> parseObject, Func<ListNode> parseList)
{
    public Node Parse()
    {
        var origin = reader.Current.Origin;
        var pieces = new List<Node>(1);
        Token? gap = null;
        while (true)
        {
            if (reader.Kind == TokenKind.Whitespace)
            {
                gap = reader.Take();
                continue;
            }
            var piece = TryParsePiece();
            if (piece is null)
            {
                break;
            }
            if (gap is { } space && pieces.Count > 0)
            {
                pieces.Add(new ScalarNode(new HoconScalar(space.Origin, HoconKind.String, space.Text), isGap: true));
            }
            gap = null;
            pieces.Add(piece);
        }
        return pieces.Count switch
        {
            0 => throw reader.Expected("a value"),
            1 => pieces[0],
            _ => Join(origin, pieces),
        };
    }

    private Node? TryParsePiece()
    {
        switch (reader.Kind)
        {
            case TokenKind.Quoted:
                var quoted = reader.Take();
                return ScalarNode.Text(quoted.Origin, quoted.Text);
            case TokenKind.Unquoted:
                var word = reader.Take();
                return new ScalarNode(new HoconScalar(word.Origin, Classify(word.Text), word.Text));
            case TokenKind.SubstitutionOpen or TokenKind.OptionalSubstitutionOpen:
                return ParseSubstitution();
            case TokenKind.OpenBrace:
                return parseObject();
            case TokenKind.OpenBracket:
                return parseList();
            default:
                return null;
        }
    }

    private static HoconKind Classify(string text) => text switch
    {
        "true" or "false" => HoconKind.Boolean,
        "null" => HoconKind.Null,
        _ => JsonNumber.Matches(text) ? HoconKind.Number : HoconKind.String,
    };

    private SubstitutionNode ParseSubstitution()
    {
        var open = reader.Take();
        var builder = new PathBuilder();
        while (builder.TryAdd(reader.Current))
        {
            reader.Take();
        }
        var keys = builder.TryBuild();
        var asList = reader.Kind == TokenKind.OpenBracket;
        if (asList)
        {
            reader.Take();
            if (reader.Kind != TokenKind.CloseBracket)
            {
                throw reader.Expected("']' as in ${path[]}");
            }
            reader.Take();
        }
        if (keys is null)
        {
            throw new HoconException(open.Origin, "expected a path without empty elements in the substitution but found an empty one");
        }
        if (reader.Kind != TokenKind.CloseBrace)
        {
            throw reader.Expected("'}' to close the substitution");
        }
        reader.Take();
        return new SubstitutionNode(open.Origin, keys, scope, open.Kind == TokenKind.OptionalSubstitutionOpen, asList);
    }

    private static Node Join(HoconOrigin origin, List<Node> pieces)
    {
        RefuseMixture(pieces);
        if (pieces.Exists(static p => p is not ScalarNode))
        {
            return new ConcatNode(origin, pieces);
        }
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            text.Append(((ScalarNode)piece).Value.Text);
        }
        return ScalarNode.Text(origin, text.ToString());
    }

    // A word beside a bracket can never become right, so it is said before any substitution is looked at.
    private static void RefuseMixture(List<Node> pieces)
    {
        Node? simple = null;
        Node? container = null;
        foreach (var piece in pieces)
        {
            simple = piece is ScalarNode { IsGap: false } ? piece : simple;
            container = piece is ListNode or ObjectNode ? piece : container;
            if (simple is ScalarNode word && container is not null)
            {
                var name = container is ListNode ? "list" : "object";
                var found = word.Value.Describe();
                throw new HoconException(piece.Origin, piece == container
                    ? $"expected ',' or a new line before this {name} but found it joined to {found}"
                    : $"expected ',', a new line or another {name} but found {found}");
            }
        }
    }
}
