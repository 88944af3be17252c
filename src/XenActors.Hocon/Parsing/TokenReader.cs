namespace XenActors.Hocon;

/// <summary>A position in a list of tokens, and the wording of "expected ... but found ...".</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private int at;

    public Token Current => tokens[at];

    public TokenKind Kind => tokens[at].Kind;

    public Token Take() => tokens[at].Kind == TokenKind.End ? tokens[at] : tokens[at++];

    /// <summary>Skips whitespace and newlines; says whether there was a newline.</summary>
    public bool SkipBlank()
    {
        var newline = false;
        while (Kind is TokenKind.Whitespace or TokenKind.Newline)
        {
            newline |= Take().Kind == TokenKind.Newline;
        }
        return newline;
    }

    public HoconException Expected(string what) => new(Current.Origin, $"expected {what} but found {Current.Describe()}");
}
