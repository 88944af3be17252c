namespace XenActors.Toolstack.Xl;

/// <summary>
/// libxlu's typed look-ups, each with its warning, and xl's way to give up. A value of the wrong kind counts as not
/// given, once xl has warned.
/// </summary>
internal sealed class XlConfigReader(XlConfigFile file, DiagnosticLog log)
{
    public DiagnosticLog Log => log;

    /// <summary>Not 0 once xl has given up.</summary>
    public int ExitCode { get; private set; }

    public bool Has(string key) => file.Find(key) != null;

    public bool IsList(string key) => file.Find(key)?.Value is XlList;

    public SourcePosition? At(string key) => file.Find(key)?.Value.Position;

    public string? String(string key, bool quiet = false) => Atom(key, quiet)?.Text;

    /// <summary>Whether the key holds a plain number, asked without a warning.</summary>
    public bool IsNumber(string key, out long value)
    {
        var number = Number(key, quiet: true);
        value = number ?? 0;
        return number != null;
    }

    public long? Number(string key, bool quiet = false, long min = long.MinValue, long max = long.MaxValue)
    {
        if (Atom(key, quiet) is not { } atom || file.Find(key) is not { } setting)
        {
            return null;
        }

        if (setting.IsAddition)
        {
            return Refuse($"can't use += with numbers for parameter `{key}'");
        }

        var end = CNumber.Parse(atom.Text, 0, out var value, out var outOfRange);
        return outOfRange ? Refuse($"parameter `{key}' could not be parsed as a number: Numerical result out of range")
            : end == 0 || end < atom.Text.Length ? Refuse($"parameter `{key}' is not a valid number")
            : value < min ? Refuse($"value `{value}' is smaller than minimum bound '{min}'")
            : value > max ? Refuse($"value `{value}' is greater than maximum bound '{max}'")
            : value;

        long? Refuse(string message)
        {
            Warn(setting, message, quiet);
            return null;
        }
    }

    public bool? Bool(string key) => Number(key) is { } value ? value != 0 : null;

    /// <summary>A list's strings up to the first item that is no string, where xl stops too; null without a list.</summary>
    public IReadOnlyList<XlString>? Strings(string key, bool quiet = false)
    {
        if (file.Find(key) is not { } setting)
        {
            return null;
        }

        if (setting.Value is not XlList list)
        {
            Warn(setting, $"parameter `{key}' is a single value but should be a list", quiet);
            return null;
        }

        var strings = new List<XlString>();
        foreach (var item in list.Items)
        {
            if (item is not XlString text)
            {
                break;
            }

            strings.Add(text);
        }

        return strings;
    }

    public static IReadOnlyList<string> Texts(IReadOnlyList<XlString>? strings)
    {
        var texts = new List<string>();
        foreach (var text in strings ?? [])
        {
            texts.Add(text.Text);
        }

        return texts;
    }

    public void Note(string key, string text) => log.Plain(DiagnosticSeverity.Note, text, At(key));

    public void Warning(string key, string text) => log.Plain(DiagnosticSeverity.Warning, text, At(key));

    public void Fail(string key, string text, int exitCode = 1)
    {
        log.Plain(DiagnosticSeverity.Error, text, At(key));
        ExitCode = exitCode;
    }

    /// <summary>xl gives up after a line that is in the log already, or without a word.</summary>
    public void FailSilently(int exitCode = 1) => ExitCode = exitCode;

    private XlString? Atom(string key, bool quiet)
    {
        var setting = file.Find(key);
        if (setting?.Value is XlList)
        {
            Warn(setting, $"parameter `{key}' is a list but should be a single value", quiet);
        }

        return setting?.Value as XlString;
    }

    private void Warn(XlSetting setting, string message, bool quiet)
    {
        if (!quiet)
        {
            log.AtLine(
                DiagnosticSeverity.Warning, DiagnosticOrigin.Xl, setting.Line, $"warning: {message}", setting.Value.Position);
        }
    }
}
