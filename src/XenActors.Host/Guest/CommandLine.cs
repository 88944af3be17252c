namespace XenActors.Guest;

/// <summary>A kernel's command line, read as Linux reads it: words apart by spaces, quotes hold a word together.</summary>
public static class CommandLine
{
    /// <summary>Whether the word stands there by itself (<c>nopv</c>) or with a value.</summary>
    public static bool Has(string commandLine, string name)
    {
        foreach (var word in Words(commandLine))
        {
            if (Is(word, name) && (word.Length == name.Length || word[name.Length] == '='))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Every value given to the name, in order; a word without '=' gives none.</summary>
    public static List<string> Values(string commandLine, string name)
    {
        var values = new List<string>();
        foreach (var word in Words(commandLine))
        {
            if (Is(word, name) && word.Length > name.Length && word[name.Length] == '=')
            {
                values.Add(word[(name.Length + 1)..]);
            }
        }

        return values;
    }

    /// <summary>The last value given to the name, or null.</summary>
    public static string? Value(string commandLine, string name)
    {
        var values = Values(commandLine, name);
        return values.Count == 0 ? null : values[^1];
    }

    // Linux takes '-' and '_' in a parameter's name for the same.
    private static bool Is(string word, string name) =>
        word.Length >= name.Length &&
        string.Equals(word[..name.Length].Replace('-', '_'), name.Replace('-', '_'), StringComparison.Ordinal);

    private static List<string> Words(string commandLine)
    {
        var words = new List<string>();
        var (word, quoted) = (new System.Text.StringBuilder(), false);
        foreach (var c in commandLine)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is (' ' or '\t' or '\n'))
            {
                Add(words, word);
            }
            else
            {
                word.Append(c);
            }
        }

        Add(words, word);
        return words;
    }

    private static void Add(List<string> words, System.Text.StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }
}
