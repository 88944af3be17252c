using System.Text;

namespace XenActors.Hocon;

/// <summary>Tokens to the keys of a path: dots split outside of quotes, inner whitespace stays, outer whitespace goes.</summary>
internal sealed class PathBuilder
{
    private readonly List<string> keys = [];
    private readonly StringBuilder key = new();
    private bool quoted;
    private string gap = "";
    private bool started;

    public bool TryAdd(in Token token)
    {
        switch (token.Kind)
        {
            case TokenKind.Whitespace:
                // Only whitespace that something follows is part of the key.
                gap = started ? token.Text : "";
                return true;
            case TokenKind.Quoted:
                Append(token.Text);
                quoted = true;
                return true;
            case TokenKind.Unquoted:
                return TryAddUnquoted(token.Text);
            default:
                return false;
        }
    }

    /// <summary>The keys, or null when one is empty without quotes.</summary>
    public IReadOnlyList<string>? TryBuild()
    {
        if (!TryEndKey())
        {
            return null;
        }
        return keys;
    }

    private bool TryAddUnquoted(string text)
    {
        var parts = text.Split('.');
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0 && !TryEndKey())
            {
                return false;
            }
            Append(parts[i]);
        }
        return true;
    }

    private void Append(string text)
    {
        key.Append(gap).Append(text);
        gap = "";
        started = true;
    }

    private bool TryEndKey()
    {
        if (key.Length == 0 && !quoted)
        {
            return false;
        }
        keys.Add(key.ToString());
        key.Clear();
        quoted = false;
        return true;
    }
}
