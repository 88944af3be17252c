namespace XenActors.Experiments.Checkers;

/// <summary>What an installed fault may rightly have ended.</summary>
internal static class Excuses
{
    /// <summary>Whether a domain, anything of it, or the host stands in a list of scopes.</summary>
    public static bool Names(this List<string> scopes, ushort domain)
    {
        var name = $"dom{domain}";
        return scopes.Exists(s => s == "host" || s == name || s.StartsWith(name + "/", StringComparison.Ordinal));
    }

    /// <summary>
    /// Whether a device or domain, as <c>dom1/vbd/51712</c>, or what it is part of, stands among the degraded; or, for a domain, anything of it: what the domain
    /// waits for may be behind that.
    /// </summary>
    public static bool Excuse(this CheckedRun run, string who)
    {
        foreach (var degraded in run.Degraded)
        {
            if (degraded == "host" || degraded == who || IsWithin(who, degraded) || IsWithin(degraded, who))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the data of a device, as <c>dom1/vbd/51712</c>, or of what it is part of, are void.</summary>
    public static bool IsVoid(this CheckedRun run, string device)
    {
        foreach (var corrupted in run.Corrupted)
        {
            if (corrupted == "host" || corrupted == device || IsWithin(device, corrupted))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWithin(string part, string whole) =>
        part.Length > whole.Length && part[whole.Length] == '/' && part.StartsWith(whole, StringComparison.Ordinal);
}
