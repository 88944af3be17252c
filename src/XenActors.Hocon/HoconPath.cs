namespace XenActors.Hocon;

/// <summary>Path expressions: <c>a.b."c.d"</c> is three keys.</summary>
public static class HoconPath
{
    public static IReadOnlyList<string> Parse(string path)
    {
        if (!path.Contains('"'))
        {
            var parts = path.Split('.');
            return Array.TrueForAll(parts, static p => p.Length > 0) ? parts : throw Invalid(path);
        }
        var builder = new PathBuilder();
        foreach (var token in new Lexer(path, $"path '{path}'").Tokenize())
        {
            if (token.Kind is not TokenKind.End && !builder.TryAdd(token))
            {
                throw Invalid(path);
            }
        }
        return builder.TryBuild() ?? throw Invalid(path);
    }

    /// <summary>The path expression that reads as these keys.</summary>
    public static string Format(IEnumerable<string> keys) => string.Join('.', keys.Select(Quote));

    internal static string Quote(string key)
    {
        var plain = key.Length > 0 && key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return plain ? key : HoconJson.Quote(key);
    }

    private static HoconException Invalid(string path) => new(
        HoconOrigin.OfFile($"path '{path}'"), "expected keys joined by dots, an empty or unusual key in quotes");
}
