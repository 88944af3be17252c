namespace XenActors.Hocon;

internal enum TokenKind
{
    End,
    Newline,
    Whitespace,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    Equals,
    PlusEquals,
    SubstitutionOpen,
    OptionalSubstitutionOpen,
    Quoted,
    Unquoted,
}
