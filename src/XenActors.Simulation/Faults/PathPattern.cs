namespace XenActors.Simulation;

/// <summary>
/// Which actors' paths a rule is for: a logical process's name, then names in which <c>*</c> stands for any run of characters.
/// <c>**</c> as the last name stands for any number of names, none included.
/// </summary>
public sealed class PathPattern
{
    private readonly string[] _names;
    private readonly bool _andBelow;

    public PathPattern(string text)
    {
        Text = text;
        _names = text.Split('/');
        _andBelow = _names.Length > 1 && _names[^1] == "**";
        if (_andBelow)
        {
            _names = _names[..^1];
        }

        if (Process.Length == 0 || Process.Contains('*', StringComparison.Ordinal))
        {
            throw new SimulationException($"the pattern {text} does not begin with a logical process's name");
        }
    }

    public string Text { get; }

    public string Process => _names[0];

    /// <summary>Whether it begins with a process's name, which may have slashes itself: <c>alpha/dom0</c>.</summary>
    public bool IsOf(string process) => process.Split('/') is var names && names.Length <= _names.Length && names.AsSpan().SequenceEqual(_names.AsSpan(0, names.Length));

    public bool Matches(string path)
    {
        var names = path.Split('/');
        if (names.Length < _names.Length || (names.Length > _names.Length && !_andBelow))
        {
            return false;
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (!Fits(_names[i], names[i]))
            {
                return false;
            }
        }

        return true;
    }

    // The last star is tried again, one character further, where what follows it does not fit.
    private static bool Fits(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, n);
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }
}
