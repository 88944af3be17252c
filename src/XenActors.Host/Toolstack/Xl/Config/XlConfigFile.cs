namespace XenActors.Toolstack.Xl;

/// <summary>A parsed configuration file: its settings in order, or the errors that xl reports for it.</summary>
public sealed class XlConfigFile
{
    private readonly SortedDictionary<string, XlSetting> _last = new(StringComparer.Ordinal);

    public XlConfigFile(string fileName, IReadOnlyList<XlSetting> settings, IReadOnlyList<Diagnostic> diagnostics, bool isValid)
    {
        FileName = fileName;
        Settings = settings;
        Diagnostics = diagnostics;
        IsValid = isValid;
        foreach (var setting in settings)
        {
            _last[setting.Key] = setting;
        }
    }

    public string FileName { get; }

    /// <summary>In the file's order; a key that stands twice is here twice.</summary>
    public IReadOnlyList<XlSetting> Settings { get; }

    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>False if xl would stop with <c>Failed to parse config</c>.</summary>
    public bool IsValid { get; }

    /// <summary>The setting that counts: the last one of that name.</summary>
    public XlSetting? Find(string key) => _last.GetValueOrDefault(key);
}
