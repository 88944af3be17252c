namespace XenActors.Toolstack.Xl;

/// <summary>xl's network specifications, xl-network-configuration(5).</summary>
public static class VifSpecParser
{
    /// <summary>Parses one string of <c>vif = [ ... ]</c>.</summary>
    /// <param name="spec">The string: tokens between commas.</param>
    /// <param name="source">The file, or "command line".</param>
    /// <param name="devid">Its place in the list.</param>
    /// <param name="at">Where the string stands.</param>
    public static VifSpecResult Parse(string spec, string source, int devid = 0, SourcePosition? at = null)
    {
        var log = new DiagnosticLog(source);
        var tokens = new VifTokens(log, at) { Nic = new VifSpec { Devid = (ulong)devid } };
        var refused = false;
        foreach (var token in spec.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            refused |= !tokens.Apply(token.TrimStart(' '));
            if (tokens.IsFatal)
            {
                break;
            }
        }

        return new VifSpecResult(tokens.Nic, log.Lines, refused, tokens.IsFatal);
    }

    /// <summary>Parses the arguments of <c>xl network-attach</c>: a token each, the first bad one ends it.</summary>
    public static VifSpecResult ParseArguments(IReadOnlyList<string> arguments)
    {
        var log = new DiagnosticLog("command line");
        var tokens = new VifTokens(log, null);
        var refused = false;
        for (var i = 0; i < arguments.Count && !refused && !tokens.IsFatal; i++)
        {
            refused = !tokens.Apply(arguments[i]);
        }

        return new VifSpecResult(tokens.Nic, log.Lines, refused, tokens.IsFatal);
    }
}
