using System.Text;

namespace XenActors.Hocon;

/// <summary><c>include "x"</c>, <c>include file("x")</c>, each perhaps inside <c>required(...)</c>.</summary>
internal sealed record IncludeStatement(HoconOrigin Origin, string Target, bool Required)
{
    private const string Forms = "a quoted file name, file(\"...\"), required(\"...\") or required(file(\"...\")) after 'include'";

    public static IncludeStatement Parse(TokenReader reader)
    {
        reader.Take();
        reader.SkipBlank();
        var start = reader.Current;
        // Parentheses are ordinary characters to the lexer, so file("x") arrives as the three tokens file( , "x" and ).
        var words = new StringBuilder();
        while (reader.Kind == TokenKind.Unquoted)
        {
            words.Append(reader.Take().Text);
            reader.SkipBlank();
        }
        var opening = words.ToString();
        var form = opening.StartsWith("required(", StringComparison.Ordinal) ? opening["required(".Length..] : opening;
        RefuseUnreachable(form, start.Origin);
        if (form is not ("" or "file(") || reader.Kind != TokenKind.Quoted)
        {
            throw reader.Kind == TokenKind.Quoted || opening.Length > 0
                ? new HoconException(start.Origin, $"expected {Forms} but found '{opening}'")
                : reader.Expected(Forms);
        }
        var target = reader.Take();
        CloseParentheses(reader, opening.Count(static c => c == '('));
        if (target.Text.Contains("://", StringComparison.Ordinal) && form.Length == 0)
        {
            throw new HoconException(target.Origin, "expected a file to include but found a URL; URLs are not read");
        }
        if (target.Text.Length == 0)
        {
            throw new HoconException(target.Origin, "expected a file to include but found an empty name");
        }
        return new IncludeStatement(start.Origin, target.Text, opening.Length > form.Length);
    }

    private static void RefuseUnreachable(string form, HoconOrigin origin)
    {
        var name = form switch
        {
            "url(" => "url(...); URLs are not read",
            "classpath(" => "classpath(...); there is no class path",
            _ => null,
        };
        if (name is not null)
        {
            throw new HoconException(origin, $"expected a file to include but found {name}");
        }
    }

    private static void CloseParentheses(TokenReader reader, int open)
    {
        while (open > 0)
        {
            reader.SkipBlank();
            var token = reader.Current;
            if (token.Kind != TokenKind.Unquoted || token.Text.Length > open || token.Text.Any(static c => c != ')'))
            {
                throw reader.Expected("')' after the included file's name");
            }
            open -= token.Text.Length;
            reader.Take();
        }
    }
}
