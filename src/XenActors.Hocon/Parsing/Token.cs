namespace XenActors.Hocon;

/// <summary>Text is what the token stands for: escapes of a quoted string are already read.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, HoconOrigin Origin)
{
    public string Describe() => Kind switch
    {
        TokenKind.End => "end of file",
        TokenKind.Newline => "end of line",
        TokenKind.Whitespace => "whitespace",
        TokenKind.Quoted => "string " + new HoconScalar(Origin, HoconKind.String, Text).Describe()["string ".Length..],
        _ => $"'{(Text.Length <= 60 ? Text : Text[..60] + "...")}'",
    };
}
