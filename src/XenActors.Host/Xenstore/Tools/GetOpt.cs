namespace XenActors.Xenstore.Tools;

/// <summary>A command line's options as glibc's <c>getopt_long</c> takes them: operands may stand between them, and a mistake is a line, not an end.</summary>
internal sealed class GetOpt(string program, IReadOnlyList<string> arguments, TextWriter errors)
{
    /// <summary>What an option that is none, or lacks its value, reads as.</summary>
    public const char Mistake = '?';

    private const string Short = "hfspturnR";

    private static readonly (string Name, char Option)[] Long =
        [("help", 'h'), ("flat", 'f'), ("socket", 's'), ("prefix", 'p'), ("tidy", 't'), ("upto", 'u'), ("recurse", 'r'), ("number", 'n'), ("raw", 'R')];

    private int at;
    private string cluster = "";

    /// <summary>What is no option, in order; complete when there is no next option.</summary>
    public List<string> Operands { get; } = [];

    /// <summary>The last option's value.</summary>
    public string Value { get; private set; } = "";

    /// <summary>The next option's letter; null behind the last.</summary>
    public char? Next()
    {
        if (cluster.Length > 0) return NextShort();
        while (at < arguments.Count)
        {
            var argument = arguments[at++];
            if (argument == "--") break;
            if (argument.StartsWith("--", StringComparison.Ordinal)) return NextLong(argument[2..]);
            if (argument.Length > 1 && argument[0] == '-')
            {
                cluster = argument[1..];
                return NextShort();
            }

            Operands.Add(argument);
        }

        while (at < arguments.Count) Operands.Add(arguments[at++]);
        return null;
    }

    private char NextShort()
    {
        var option = cluster[0];
        cluster = cluster[1..];
        if (!Short.Contains(option, StringComparison.Ordinal)) return Complain($"invalid option -- '{option}'");
        if (option != 'n') return option;
        (Value, cluster) = (cluster, "");
        if (Value.Length == 0 && !TryTake()) return Complain("option requires an argument -- 'n'");
        return option;
    }

    private char NextLong(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        var found = Array.FindAll(Long, o => o.Name == name);
        if (found.Length == 0) found = Array.FindAll(Long, o => o.Name.StartsWith(name, StringComparison.Ordinal));
        if (found.Length == 0) return Complain($"unrecognized option '--{text}'");
        if (found.Length > 1) return Complain($"option '--{text}' is ambiguous; possibilities:{string.Concat(found.Select(o => $" '--{o.Name}'"))}");
        var (whole, option) = found[0];
        if (option != 'n') return equals < 0 ? option : Complain($"option '--{whole}' doesn't allow an argument");
        Value = equals < 0 ? "" : text[(equals + 1)..];
        if (equals < 0 && !TryTake()) return Complain($"option '--{whole}' requires an argument");
        return option;
    }

    private bool TryTake()
    {
        if (at == arguments.Count) return false;
        Value = arguments[at++];
        return true;
    }

    private char Complain(string mistake)
    {
        errors.Write($"{program}: {mistake}\n");
        return Mistake;
    }
}
