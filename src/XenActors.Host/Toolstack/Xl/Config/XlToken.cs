namespace XenActors.Toolstack.Xl;

/// <summary>One token.</summary>
/// <param name="Kind">The terminal.</param>
/// <param name="Text">The characters as they stand in the file, with quotes.</param>
/// <param name="Value">The string without its quotes and escapes, otherwise the text.</param>
/// <param name="Position">Where it starts.</param>
/// <param name="XlLine">The line that xl would blame: the previous token's at the end of the file.</param>
public readonly record struct XlToken(XlTokenKind Kind, string Text, string Value, SourcePosition Position, int XlLine)
{
    /// <summary>The terminal's name in xl's "unexpected ..." messages.</summary>
    public string Name => Kind switch
    {
        XlTokenKind.End => "$end",
        XlTokenKind.Ident => "IDENT",
        XlTokenKind.String => "STRING",
        XlTokenKind.Number => "NUMBER",
        XlTokenKind.NewLine => "NEWLINE",
        XlTokenKind.PlusEquals => "+=",
        XlTokenKind.Equals => "'='",
        XlTokenKind.Semicolon => "';'",
        XlTokenKind.OpenBracket => "'['",
        XlTokenKind.CloseBracket => "']'",
        XlTokenKind.Comma => "','",
        _ => throw new InvalidOperationException($"no terminal {Kind}"),
    };
}
