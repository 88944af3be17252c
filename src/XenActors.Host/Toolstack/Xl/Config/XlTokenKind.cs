namespace XenActors.Toolstack.Xl;

/// <summary>The terminals of libxlu's grammar, in the order of its token numbers.</summary>
public enum XlTokenKind
{
    End,
    Ident,
    String,
    Number,
    NewLine,
    PlusEquals,
    Equals,
    Semicolon,
    OpenBracket,
    CloseBracket,
    Comma,
}
